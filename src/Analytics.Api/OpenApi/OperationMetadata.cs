using Analytics.Api.Controllers;
using Analytics.Api.Formats;
using Analytics.Api.Hosting;
using Analytics.Application.Reporting.Parsing;

namespace Analytics.Api.OpenApi;

/// <summary>The parts of an operation that the generator cannot infer from the action's signature.</summary>
internal sealed record OperationMetadata(string Id)
{
    public const string GetDefinitions = "getDefinitions";

    private static readonly string[] ScopeHeaders = [ParameterNames.OrgHandle, ParameterNames.ProductId];

    private static readonly string[] TableMediaTypes =
        [ResponseHeaderDocs.JsonMediaType, ContentNegotiation.Csv, ContentNegotiation.Ndjson];

    private static readonly OperationMetadata Analytics = new("getAnalytics")
    {
        Parameters = [.. KeysOf(QueryParameters.OfAnalytics), .. ScopeHeaders, HeaderNames.IfNoneMatch, ResponseHeaders.RequestId],
        MediaTypes = TableMediaTypes,
        Errors = ErrorExamples.OfAnalytics,
        RequiresToken = true,
        HasETag = true,
        ResponseHeaderNames = [HeaderNames.ContentDisposition],
    };

    private static readonly OperationMetadata Stream = new("streamAnalytics")
    {
        Parameters = [.. KeysOf(QueryParameters.OfStream), .. ScopeHeaders, ParameterNames.LastEventId, ResponseHeaders.RequestId],
        MediaTypes = [AnalyticsStreamController.MediaType],
        Errors = ErrorExamples.OfStream,
        RequiresToken = true,
        ResponseHeaderNames = [ResponseHeaderDocs.AccelBuffering],
    };

    private static readonly OperationMetadata Tasks = new("listTasks")
    {
        Parameters = [.. KeysOf(QueryParameters.OfTaskList), .. ScopeHeaders, HeaderNames.IfNoneMatch, ResponseHeaders.RequestId],
        MediaTypes = TableMediaTypes,
        Errors = ErrorExamples.OfTaskList,
        RequiresToken = true,
        HasETag = true,
        ResponseHeaderNames = [HeaderNames.Link, HeaderNames.ContentDisposition],
    };

    private static readonly OperationMetadata Organisations = new("listOrganisations")
    {
        Parameters = [.. KeysOf(QueryParameters.OfOrganisationList), HeaderNames.IfNoneMatch, ResponseHeaders.RequestId],
        Errors = ErrorExamples.OfOrganisationList,
        RequiresToken = true,
        HasETag = true,
        ResponseHeaderNames = [HeaderNames.Link],
    };

    private static readonly OperationMetadata Spaces = new("listSpaces")
    {
        Parameters = [.. KeysOf(QueryParameters.OfSpaceList), .. ScopeHeaders, HeaderNames.IfNoneMatch, ResponseHeaders.RequestId],
        Errors = ErrorExamples.OfSpaceList,
        RequiresToken = true,
        HasETag = true,
        ResponseHeaderNames = [HeaderNames.Link],
    };

    private static readonly OperationMetadata Push = new("pushTasks")
    {
        Parameters = [.. ScopeHeaders, HeaderNames.ContentEncoding, ResponseHeaders.RequestId],
        HasBody = true,
        Errors = ErrorExamples.OfPush,
        RequiresToken = true,
    };

    private static readonly OperationMetadata Definitions =
        new(GetDefinitions) { Errors = ErrorExamples.OfDefinitions, RequiresToken = true };

    private static readonly OperationMetadata Liveness = new("getLiveness") { Errors = ErrorExamples.OfLiveness };
    private static readonly OperationMetadata Readiness = new("getReadiness") { Errors = ErrorExamples.OfReadiness };

    /// <summary>Keys of the document's parameter components.</summary>
    public IReadOnlyList<string> Parameters { get; private init; } = [ResponseHeaders.RequestId];

    public bool HasBody { get; private init; }
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
        "Organisations" => Organisations,
        "Spaces" => Spaces,
        "Tasks" => Push,
        "HealthLive" => Liveness,
        "HealthReady" => Readiness,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "The action has no metadata."),
    };

    private static IEnumerable<string> KeysOf(IEnumerable<RequestParameter> parameters) => parameters.Select(parameter => parameter.Key);
}
