using Analytics.Api.Controllers;
using Analytics.Api.Formats;
using Analytics.Api.Hosting;
using Analytics.Application.Requests;
using Microsoft.Net.Http.Headers;

namespace Analytics.Api.OpenApi;

/// <summary>The parts of an operation that the generator cannot infer from the action's signature.</summary>
internal sealed record OperationMetadata
{
    private static readonly string[] ScopeHeaders = [ParameterNames.OrgHandle, ParameterNames.ProductId];

    private static readonly OperationMetadata Anonymous = new();

    private static readonly OperationMetadata Analytics = new()
    {
        Parameters = [.. QueryParameters.AnalyticsNames, .. ScopeHeaders, HeaderNames.IfNoneMatch, ResponseHeaders.RequestId],
        MediaTypes = [ResponseHeaderDocs.JsonMediaType, ContentNegotiation.Csv, ContentNegotiation.Ndjson],
        Responses = ResponseExamples.AnalyticsExamples,
        Errors = [.. ErrorExamples.FilterErrors, .. ErrorExamples.SectionErrors, .. ErrorExamples.TableErrors],
        RequiresToken = true,
        HasETag = true,
        ResponseHeaderNames = [HeaderNames.ContentDisposition],
    };

    private static readonly OperationMetadata Stream = new()
    {
        Parameters = [.. QueryParameters.StreamNames, .. ScopeHeaders, ParameterNames.LastEventId, ResponseHeaders.RequestId],
        MediaTypes = [AnalyticsStreamController.MediaType],
        Responses = ResponseExamples.StreamExamples,
        Errors = [.. ErrorExamples.FilterErrors, .. ErrorExamples.SectionErrors, .. ErrorExamples.StreamErrors],
        RequiresToken = true,
    };

    private static readonly OperationMetadata Tasks = new()
    {
        Parameters = [.. QueryParameters.TaskListNames, .. ScopeHeaders, HeaderNames.IfNoneMatch, ResponseHeaders.RequestId],
        MediaTypes = [ResponseHeaderDocs.JsonMediaType, ContentNegotiation.Csv, ContentNegotiation.Ndjson],
        Responses = ResponseExamples.TaskListExamples,
        Errors = [.. ErrorExamples.FilterErrors, .. ErrorExamples.TaskListErrors],
        RequiresToken = true,
        HasETag = true,
        ResponseHeaderNames = [HeaderNames.Link, HeaderNames.ContentDisposition],
    };

    private static readonly OperationMetadata Push = new()
    {
        Parameters = [.. ScopeHeaders, HeaderNames.ContentEncoding, ResponseHeaders.RequestId],
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

    /// <summary>Keys of the document's parameter components.</summary>
    public IReadOnlyList<string> Parameters { get; private init; } = [ResponseHeaders.RequestId];

    public BodyExample? Body { get; private init; }

    public IReadOnlyList<string> MediaTypes { get; private init; } = [ResponseHeaderDocs.JsonMediaType];

    public IReadOnlyList<ResponseExample> Responses { get; private init; } = [];

    public IReadOnlyList<ErrorExample> Errors { get; private init; } = [];

    public bool RequiresToken { get; private init; }

    public bool HasETag { get; private init; }

    /// <summary>In addition to the headers of all responses.</summary>
    public IReadOnlyList<string> ResponseHeaderNames { get; private init; } = [];

    // By controller, and by action if the controller has several.
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
