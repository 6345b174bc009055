using Analytics.Api.Errors;
using Analytics.Api.Formats;
using Analytics.Api.RequestBodies;
using Analytics.Api.Streaming;
using Analytics.Application.Behaviors;
using Analytics.Application.Concurrency;
using Analytics.Application.Demo;
using Analytics.Application.Ingestion.PushTasks;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.ExportTasks;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Application.Reporting.ListTasks;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.Extensions.Primitives;

namespace Analytics.Api.OpenApi;

/// <summary>An error that an operation can answer with.</summary>
/// <param name="Name">Its name among the examples of its status.</param>
/// <param name="When">When it happens.</param>
/// <param name="Body">What is then answered.</param>
internal sealed record ErrorExample(string Name, string When, ApiError Body);

/// <summary>The errors of operations, from where the service takes them, so that no message is typed twice.</summary>
internal static class ErrorExamples
{
    private static readonly OrganisationScope Scope = new(DemoData.UserId, DemoData.Handle, StringValues.Empty, []);

    /// <summary>Of whatever asks for a token.</summary>
    public static IReadOnlyList<ErrorExample> AuthenticationErrors { get; } =
    [
        new("CredentialsMissing", "No Authorization, or another scheme", ErrorTable.CredentialsMissing),
        new("TokenInvalid", "The token is malformed, wrongly signed, expired or names no user", ErrorTable.TokenInvalid),
        new("AddressOverLimit", "Your address sent too many requests without a valid token", ErrorTable.TooManyRequests),
        new("CallerOverLimit", "You sent too many requests", ErrorTable.TooManyRequests),
    ];

    /// <summary>Of whatever asks for a token, where others than this service give them.</summary>
    public static ErrorExample IssuerUnavailable { get; } = new("IssuerAway", "The issuer of the tokens does not answer", ErrorTable.Unavailable);

    /// <summary>Of whatever is about an organisation.</summary>
    public static IReadOnlyList<ErrorExample> ScopeErrors { get; } =
    [
        new("OrgHandleMissing", "Org-Handle is missing or blank", GetAnalyticsError(Scope with { OrgHandle = StringValues.Empty })),
        new("ProductIdInvalid", "Product-Id breaks its rule", GetAnalyticsError(Scope with { ProductId = "unpod dev" })),
        .. AuthenticationErrors,
        new("OrganizationNotFound", "The handle is unknown, the organization not active, or you are not a member", ErrorTable.GetError(new OrganisationNotFoundException())),
        new("Unavailable", "The database is away or too slow", ErrorTable.Unavailable),
        new("TooBusy", "Too many requests are at work on the database already", ErrorTable.GetError(new OverloadedException())),
        IssuerUnavailable,
    ];

    /// <summary>Of whatever asks about an organisation, by the filters that every question has.</summary>
    public static IReadOnlyList<ErrorExample> FilterErrors { get; } =
    [
        .. ScopeErrors,
        new("SpaceTokenInvalid", "space_token breaks its rule", GetAnalyticsError((ParameterNames.SpaceToken, "F1O3-QJM1"))),
        new("SpaceTokenRepeated", "space_token is given twice", GetAnalyticsError((ParameterNames.SpaceToken, DemoData.SpaceToken), (ParameterNames.SpaceToken, DemoData.SpaceToken))),
        new("DateRangeUnknown", "date_range is none of its words", GetAnalyticsError((ParameterNames.DateRange, "2d"))),
        new("DateRangeAndDates", "date_range comes with a date", GetAnalyticsError((ParameterNames.DateRange, "7d"), (ParameterNames.StartDate, "2026-11-01"))),
        new("DateOffMark", "A date is an instant between the 15-minute marks", GetAnalyticsError((ParameterNames.StartDate, "2026-11-01T10:05:00Z"))),
        new("DatesReversed", "The end is before the start", GetAnalyticsError((ParameterNames.StartDate, "2026-11-02"), (ParameterNames.EndDate, "2026-11-01"))),
        new("TimezoneUnknown", "timezone is no name of IANA's", GetAnalyticsError((ParameterNames.Timezone, "India Standard Time"))),
        new("LimitInvalid", "limit is out of its range", GetAnalyticsError((ParameterNames.Limit, "0"))),
        new("SpaceNotFound", "The space is unknown, of another organization or content type, or not active", ErrorTable.GetError(new SpaceNotFoundException())),
        new("NumbersMoved", "Writes come between the statements of the answer, again and again", ErrorTable.GetError(new ConcurrentChangeException())),
    ];

    /// <summary>Of what cuts the numbers.</summary>
    public static IReadOnlyList<ErrorExample> SectionErrors { get; } =
    [
        new("IntervalUnbounded", "interval or compare comes without a lower bound", GetAnalyticsError((ParameterNames.Interval, "day"))),
        new("IntervalTooLong", "interval is too short for the range", GetAnalyticsError((ParameterNames.Interval, "hour"), (ParameterNames.DateRange, "91d"))),
        new("GroupByInvalid", "group_by is not one or two of its words", GetAnalyticsError((ParameterNames.GroupBy, "agent,agent"))),
    ];

    /// <summary>Of numbers as a table.</summary>
    public static IReadOnlyList<ErrorExample> TableErrors { get; } =
        [new("TwoTables", "A table is asked for with both interval and group_by", GetAnalyticsError((ParameterNames.Format, "csv"), (ParameterNames.DateRange, "7d"), (ParameterNames.Interval, "day"), (ParameterNames.GroupBy, "agent")))];

    /// <summary>Of a stream.</summary>
    public static IReadOnlyList<ErrorExample> StreamErrors { get; } =
    [
        new("ParameterUnknown", "There is no such parameter", GetStreamError((ParameterNames.Outcome, "interested"))),
        new("FormatOfStream", "A table is asked for", GetStreamError((ParameterNames.Format, "csv"))),
        new("TooManyStreams", $"You have {StreamConcurrencyLimiter.MaxPerUser} streams already", ErrorTable.TooManyRequests),
        new("TooManyListeners", $"The service has {StreamConcurrencyLimiter.MaxTotal} streams already", ErrorTable.Unavailable),
    ];

    /// <summary>Of lists of tasks.</summary>
    public static IReadOnlyList<ErrorExample> TaskListErrors { get; } =
    [
        new("ParameterUnknown", "There is no such parameter", GetTaskPageError((ParameterNames.Interval, "day"))),
        new("OutcomeUnknown", "outcome is none of its words", GetTaskPageError((ParameterNames.Outcome, "won"))),
        new("CursorInvalid", "cursor is none that a page gave", GetTaskPageError((ParameterNames.Cursor, "2"))),
        new("CursorOfOtherTasks", "cursor comes with other parameters than those of its page", GetTaskPageError((ParameterNames.Cursor, ResponseExamples.Cursor), (ParameterNames.Agent, "asha"))),
        new("TooManyExportsOfCaller", $"You read {ExportConcurrencyLimiter.MaxPerUser} tables of tasks already", ErrorTable.TooManyRequests),
        new("TooManyExports", $"The service writes {ExportConcurrencyLimiter.MaxTotal} tables of tasks already", ErrorTable.Unavailable),
        new("PageOfTable", "A table is asked for with limit, cursor or include", GetTaskExportError((ParameterNames.Limit, "10"))),
    ];

    /// <summary>Of a push of tasks.</summary>
    public static IReadOnlyList<ErrorExample> PushErrors { get; } =
    [
        new("ParameterUnknown", "There are no parameters", ToApiError(new RawQuery([(ParameterNames.Interval, "day")]).RejectAny())),
        new("BodyNotGzip", "The body is not the gzip that Content-Encoding says", GetPushBodyError(PushBody.InvalidGzip)),
        new("BodyNotUtf8", "The body is not UTF-8", GetPushBodyError(PushBody.Create(new byte[] { 0xFF }))),
        new("WriteForbidden", "You are a member without the role owner or editor, and your token has no scope tasks:write", ErrorTable.GetError(new ForbiddenException())),
        new("BodyTooLarge", "The body is larger than a push may be", ErrorTable.GetError(RejectedBodyException.TooLarge)),
        new("BodyOfOtherType", "Content-Type is another one", ErrorTable.GetError(RejectedBodyException.UnsupportedMediaType)),
        new("BodyOfOtherEncoding", "Content-Encoding is another one", ErrorTable.GetError(RejectedBodyException.UnsupportedEncoding)),
    ];

    /// <summary>Of the definitions.</summary>
    public static IReadOnlyList<ErrorExample> DefinitionsErrors { get; } =
        [new("ParameterUnknown", "There are no parameters", ToApiError(new RawQuery([(ParameterNames.Interval, "day")]).RejectAny()))];

    /// <summary>Of what asks nothing but the database.</summary>
    public static IReadOnlyList<ErrorExample> DatabaseErrors { get; } = [new("Unavailable", "The database is away or too slow", ErrorTable.Unavailable)];

    /// <summary>Of everything.</summary>
    public static ErrorExample InternalError { get; } = new("Defect", "A defect of ours", ErrorTable.GetError(StatusCodes.Status500InternalServerError));

    private static QuarterHour CurrentQuarterHour => QuarterHour.Current(TimeProvider.System);

    private static ApiError GetAnalyticsError(params IEnumerable<(string Name, string Value)> parameters) => GetAnalyticsError(Scope, parameters);

    private static ApiError GetAnalyticsError(OrganisationScope scope, params IEnumerable<(string Name, string Value)> parameters)
    {
        var query = new GetAnalyticsQuery(scope, new RawQuery(parameters), CurrentQuarterHour);
        return ToApiError([.. new OrganisationScopeValidator().Validate(query).Errors, .. new GetAnalyticsValidator().Validate(query).Errors]);
    }

    private static ApiError GetStreamError(params IEnumerable<(string Name, string Value)> parameters) =>
        ToApiError(new GetAnalyticsValidator().Validate(new GetAnalyticsQuery(Scope, new RawQuery(parameters), CurrentQuarterHour) { IsStreaming = true }).Errors);

    private static ApiError GetTaskPageError(params IEnumerable<(string Name, string Value)> parameters) =>
        ToApiError(new ListTasksValidator().Validate(new ListTasksQuery(Scope, new RawQuery(parameters), CurrentQuarterHour)).Errors);

    private static ApiError GetTaskExportError(params IEnumerable<(string Name, string Value)> parameters) =>
        ToApiError(new ExportTasksValidator().Validate(new ExportTasksQuery(Scope, new RawQuery(parameters), CurrentQuarterHour, "csv")).Errors);

    private static ApiError GetPushBodyError(PushBody body) =>
        ToApiError(new PushTasksValidator().Validate(new PushTasksCommand(Scope, [], RawQuery.Empty, body, "")).Errors);

    private static ApiError ToApiError(IEnumerable<ValidationFailure> failures) => ErrorTable.GetError(new ValidationException(failures));
}
