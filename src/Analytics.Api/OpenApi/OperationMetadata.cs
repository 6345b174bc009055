using Analytics.Api.Controllers;
using Analytics.Api.Formats;
using Analytics.Api.Hosting;
using Analytics.Application.Reporting.Parsing;

namespace Analytics.Api.OpenApi;

/// <summary>The parts of an operation that the generator cannot infer from the action's signature.</summary>
internal sealed record OperationMetadata
{
    private static readonly string[] ScopeHeaders = [ParameterNames.OrgHandle, ParameterNames.ProductId];

    private static readonly string[] TableMediaTypes =
        [ResponseHeaderDocs.JsonMediaType, ContentNegotiation.Csv, ContentNegotiation.Ndjson];

    private static readonly OperationMetadata Analytics = new()
    {
        Parameters = [.. KeysOf(QueryParameters.OfAnalytics), .. ScopeHeaders, HeaderNames.IfNoneMatch, ResponseHeaders.RequestId],
        MediaTypes = TableMediaTypes,
        Errors = ErrorExamples.OfAnalytics,
        RequiresToken = true,
        HasETag = true,
        ResponseHeaderNames = [HeaderNames.ContentDisposition],
    };

    private static readonly OperationMetadata Stream = new()
    {
        Parameters = [.. KeysOf(QueryParameters.OfStream), .. ScopeHeaders, ParameterNames.LastEventId, ResponseHeaders.RequestId],
        MediaTypes = [AnalyticsStreamController.MediaType],
        Errors = ErrorExamples.OfStream,
        RequiresToken = true,
    };

    private static readonly OperationMetadata Tasks = new()
    {
        Parameters = [.. KeysOf(QueryParameters.OfTaskList), .. ScopeHeaders, HeaderNames.IfNoneMatch, ResponseHeaders.RequestId],
        MediaTypes = TableMediaTypes,
        Errors = ErrorExamples.OfTaskList,
        RequiresToken = true,
        HasETag = true,
        ResponseHeaderNames = [HeaderNames.Link, HeaderNames.ContentDisposition],
    };

    private static readonly OperationMetadata Push = new()
    {
        Parameters = [.. ScopeHeaders, HeaderNames.ContentEncoding, ResponseHeaders.RequestId],
        Body = PushTasksDocs.Body,
        Errors = ErrorExamples.OfPush,
        RequiresToken = true,
    };

    private static readonly OperationMetadata Definitions = new() { Errors = ErrorExamples.OfDefinitions, RequiresToken = true };

    /// <summary>Keys of the document's parameter components.</summary>
    public IReadOnlyList<string> Parameters { get; private init; } = [ResponseHeaders.RequestId];

    public BodyExample? Body { get; private init; }
    public IReadOnlyList<string> MediaTypes { get; private init; } = [ResponseHeaderDocs.JsonMediaType];
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
        "HealthReady" => new() { Errors = ErrorExamples.OfReadiness },
        _ => new(),
    };

    private static IEnumerable<string> KeysOf(IEnumerable<RequestParameter> parameters) => parameters.Select(parameter => parameter.Key);
}
