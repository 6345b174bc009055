using Analytics.Api.Controllers;
using Analytics.Api.Formats;
using Analytics.Api.Hosting;
using Analytics.Application.Requests;
using Microsoft.Net.Http.Headers;

namespace Analytics.Api.OpenApi;

/// <summary>What a controller and the pipeline around it read and answer, beside what its action's signature says.</summary>
internal sealed record OperationMetadata
{
    private static readonly OperationMetadata Anonymous = new();

    private static readonly OperationMetadata Analytics = new()
    {
        Parameters = [.. QueryParameters.AnalyticsNames, ParameterNames.OrgHandle, ParameterNames.ProductId, HeaderNames.IfNoneMatch, ResponseHeaders.RequestId],
        MediaTypes = [ResponseHeaderDocs.JsonMediaType, ContentNegotiation.Csv, ContentNegotiation.Ndjson],
        Responses = ResponseExamples.AnalyticsExamples,
        Errors = [.. ErrorExamples.FilterErrors, .. ErrorExamples.SectionErrors, .. ErrorExamples.TableErrors],
        RequiresToken = true,
        HasETag = true,
        ResponseHeaderNames = [HeaderNames.ContentDisposition],
    };

    private static readonly OperationMetadata Stream = new()
    {
        Parameters = [.. QueryParameters.StreamNames, ParameterNames.OrgHandle, ParameterNames.ProductId, ParameterNames.LastEventId, ResponseHeaders.RequestId],
        MediaTypes = [AnalyticsStreamController.MediaType],
        Responses = ResponseExamples.StreamExamples,
        Errors = [.. ErrorExamples.FilterErrors, .. ErrorExamples.SectionErrors, .. ErrorExamples.StreamErrors],
        RequiresToken = true,
    };

    private static readonly OperationMetadata Tasks = new()
    {
        Parameters = [.. QueryParameters.TaskListNames, ParameterNames.OrgHandle, ParameterNames.ProductId, HeaderNames.IfNoneMatch, ResponseHeaders.RequestId],
        MediaTypes = [ResponseHeaderDocs.JsonMediaType, ContentNegotiation.Csv, ContentNegotiation.Ndjson],
        Responses = ResponseExamples.TaskListExamples,
        Errors = [.. ErrorExamples.FilterErrors, .. ErrorExamples.TaskListErrors],
        RequiresToken = true,
        HasETag = true,
        ResponseHeaderNames = [HeaderNames.Link, HeaderNames.ContentDisposition],
    };

    private static readonly OperationMetadata Push = new()
    {
        Parameters = [ParameterNames.OrgHandle, ParameterNames.ProductId, HeaderNames.ContentEncoding, ResponseHeaders.RequestId],
        Body = PushTasksDocs.Body,
        Responses = PushTasksDocs.Responses,
        Errors = [.. ErrorExamples.ScopeErrors, .. ErrorExamples.PushErrors],
        RequiresToken = true,
    };

    private static readonly OperationMetadata Definitions = new()
    {
        Responses = ResponseExamples.DefinitionsExamples,
        Errors = [.. ErrorExamples.AuthenticationErrors, .. ErrorExamples.DefinitionsErrors, ErrorExamples.IssuerUnavailable],
        RequiresToken = true,
    };

    /// <summary>The parameters and the headers of the request, by the names under which operations refer to them.</summary>
    public IReadOnlyList<string> Parameters { get; private init; } = [ResponseHeaders.RequestId];

    /// <summary>The body of the request, if it has one.</summary>
    public BodyExample? Body { get; private init; }

    /// <summary>The forms of the answer.</summary>
    public IReadOnlyList<string> MediaTypes { get; private init; } = [ResponseHeaderDocs.JsonMediaType];

    /// <summary>Some answers.</summary>
    public IReadOnlyList<ResponseExample> Responses { get; private init; } = [];

    /// <summary>The errors; the first of a status come first in the contract too.</summary>
    public IReadOnlyList<ErrorExample> Errors { get; private init; } = [];

    /// <summary>Whether the answer is the caller's own.</summary>
    public bool RequiresToken { get; private init; }

    /// <summary>Whether the answer has a tag, so that it is not sent twice.</summary>
    public bool HasETag { get; private init; }

    /// <summary>What headers an answer has beside those of every one.</summary>
    public IReadOnlyList<string> ResponseHeaderNames { get; private init; } = [];

    /// <summary>The route of a controller and, where that has several, of an action.</summary>
    public static OperationMetadata Get(string name) => name switch
    {
        "Analytics" => Analytics,
        "AnalyticsStream" => Stream,
        "AnalyticsTasks" => Tasks,
        "AnalyticsDefinitions" => Definitions,
        "Tasks" => Push,
        "HealthLive" => Anonymous with { Responses = ResponseExamples.LiveExamples },
        "HealthReady" => Anonymous with { Responses = ResponseExamples.ReadyExamples, Errors = ErrorExamples.DatabaseErrors },
        _ => Anonymous,
    };
}
