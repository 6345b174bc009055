using Analytics.Api.Errors;
using Analytics.Api.RateLimiting;
using Analytics.Api.RequestBodies;
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

internal sealed record ErrorExample(string Name, string When, ApiError Body);

/// <summary>The documented errors, produced by the service's own validators and error table.</summary>
internal static class ErrorExamples
{
    private static readonly OrganisationScope Scope = new(DemoData.UserId, DemoData.Handle, StringValues.Empty, []);

    public static IReadOnlyList<ErrorExample> AuthenticationErrors { get; } =
    [
        new("CredentialsMissing", "No Authorization, or another scheme", ErrorTable.CredentialsMissing),
        new("TokenInvalid", "The token is malformed, has an invalid signature, is expired or has no user id", ErrorTable.TokenInvalid),
        new("AnonymousRateLimitExceeded", "Your address sent too many requests without a valid token", ErrorTable.TooManyRequests),
        new("UserRateLimitExceeded", "You sent too many requests", ErrorTable.TooManyRequests),
    ];

    // Only if an external issuer's keys are used.
    public static ErrorExample IssuerUnavailable { get; } =
        new("IssuerUnavailable", "The token issuer is unavailable", ErrorTable.Unavailable);

    public static IReadOnlyList<ErrorExample> ScopeErrors { get; } =
    [
        new("OrgHandleMissing", "Org-Handle is missing or blank", GetAnalyticsError(Scope with { OrgHandle = StringValues.Empty })),
        new("ProductIdInvalid", "Product-Id is invalid", GetAnalyticsError(Scope with { ProductId = "unpod dev" })),
        .. AuthenticationErrors,
        new(
            "OrganizationNotFound",
            "The handle is unknown, the organisation not active, or you are not a member",
            ErrorTable.GetError(new OrganisationNotFoundException())),
        new("Unavailable", "The database is unavailable or too slow", ErrorTable.Unavailable),
        new("Overloaded", "The service is overloaded: its request queue is full", ErrorTable.GetError(new OverloadedException())),
        IssuerUnavailable,
    ];

    public static IReadOnlyList<ErrorExample> FilterErrors { get; } =
    [
        .. ScopeErrors,
        new("SpaceTokenInvalid", "space_token is invalid", GetAnalyticsError((ParameterNames.SpaceToken, "F1O3-QJM1"))),
        new(
            "SpaceTokenRepeated",
            "space_token is given twice",
            GetAnalyticsError((ParameterNames.SpaceToken, DemoData.SpaceToken), (ParameterNames.SpaceToken, DemoData.SpaceToken))),
        new("DateRangeUnknown", "date_range is not one of its values", GetAnalyticsError((ParameterNames.DateRange, "2d"))),
        new(
            "DateRangeAndDates",
            "date_range comes with a date",
            GetAnalyticsError((ParameterNames.DateRange, "7d"), (ParameterNames.StartDate, "2026-11-01"))),
        new(
            "DateNotAligned",
            "A date is an instant that is not on a 15-minute mark",
            GetAnalyticsError((ParameterNames.StartDate, "2026-11-01T10:05:00Z"))),
        new(
            "DatesReversed",
            "The end is before the start",
            GetAnalyticsError((ParameterNames.StartDate, "2026-11-02"), (ParameterNames.EndDate, "2026-11-01"))),
        new("TimezoneUnknown", "timezone is not an IANA name", GetAnalyticsError((ParameterNames.Timezone, "India Standard Time"))),
        new("LimitInvalid", "limit is out of its range", GetAnalyticsError((ParameterNames.Limit, "0"))),
        new(
            "SpaceNotFound",
            "The space is unknown, of another organisation or content type, or not active",
            ErrorTable.GetError(new SpaceNotFoundException())),
        new("ConcurrentChange", "Concurrent writes prevented a consistent read", ErrorTable.GetError(new ConcurrentChangeException())),
    ];

    public static IReadOnlyList<ErrorExample> SectionErrors { get; } =
    [
        new("IntervalUnbounded", "interval or compare comes without a lower bound", GetAnalyticsError((ParameterNames.Interval, "day"))),
        new(
            "IntervalTooLong",
            "The range is too long for interval",
            GetAnalyticsError((ParameterNames.Interval, "hour"), (ParameterNames.DateRange, "91d"))),
        new("GroupByInvalid", "group_by is not one or two different values", GetAnalyticsError((ParameterNames.GroupBy, "agent,agent"))),
    ];

    public static IReadOnlyList<ErrorExample> TableErrors { get; } =
    [
        new(
            "TableWithSeriesAndGroups",
            "csv or ndjson is requested with both interval and group_by",
            GetAnalyticsError(
                (ParameterNames.Format, "csv"),
                (ParameterNames.DateRange, "7d"),
                (ParameterNames.Interval, "day"),
                (ParameterNames.GroupBy, "agent"))),
    ];

    public static IReadOnlyList<ErrorExample> StreamErrors { get; } =
    [
        new("ParameterUnknown", "The parameter is unknown", GetStreamError((ParameterNames.Outcome, "interested"))),
        new("FormatOfStream", "csv or ndjson is requested", GetStreamError((ParameterNames.Format, "csv"))),
        new("StreamLimitOfUser", $"You already have {StreamConcurrencyLimiter.MaxPerUser} streams open", ErrorTable.TooManyRequests),
        new("StreamLimitOfService", $"The service already has {StreamConcurrencyLimiter.MaxTotal} streams open", ErrorTable.Unavailable),
    ];

    public static IReadOnlyList<ErrorExample> TaskListErrors { get; } =
    [
        new("ParameterUnknown", "The parameter is unknown", GetTaskPageError((ParameterNames.Interval, "day"))),
        new("OutcomeUnknown", "outcome is not one of its values", GetTaskPageError((ParameterNames.Outcome, "won"))),
        new("CursorInvalid", "cursor was not returned by a page", GetTaskPageError((ParameterNames.Cursor, "2"))),
        new(
            "CursorMismatch",
            "cursor is sent with other parameters than those of its page",
            GetTaskPageError((ParameterNames.Cursor, ResponseExamples.Cursor), (ParameterNames.Agent, "asha"))),
        new("ExportInProgress", "The organisation has an export in progress", ErrorTable.TooManyRequests),
        new("ExportLimitOfService", "The service has too many exports in progress, or no space for a further one", ErrorTable.Unavailable),
        new("PagingOfTable", "csv or ndjson is requested with limit, cursor or include", GetTaskExportError((ParameterNames.Limit, "10"))),
    ];

    public static IReadOnlyList<ErrorExample> PushErrors { get; } =
    [
        new("ParameterUnknown", "The route has no parameters", ToApiError(new RawQuery([(ParameterNames.Interval, "day")]).RejectAny())),
        new("BodyNotGzip", "Content-Encoding is gzip, but the body is not", GetPushBodyError(PushBody.InvalidGzip)),
        new("BodyNotUtf8", "The body is not UTF-8", GetPushBodyError(PushBody.Create(new byte[] { 0xFF }))),
        new(
            "WriteForbidden",
            "You are a member without the role owner or editor, and your token has no scope tasks:write",
            ErrorTable.GetError(new ForbiddenException())),
        new("BodyTooLarge", "The body exceeds the size limit", ErrorTable.GetError(PushBodyReader.TooLarge)),
        new("UnsupportedMediaType", "Content-Type is not supported", ErrorTable.GetError(PushBodyReader.UnsupportedMediaType)),
        new("UnsupportedEncoding", "Content-Encoding is not supported", ErrorTable.GetError(PushBodyReader.UnsupportedEncoding)),
    ];

    public static IReadOnlyList<ErrorExample> DefinitionsErrors { get; } =
        [new("ParameterUnknown", "The route has no parameters", ToApiError(new RawQuery([(ParameterNames.Interval, "day")]).RejectAny()))];

    public static IReadOnlyList<ErrorExample> DatabaseErrors { get; } =
        [new("Unavailable", "The database is unavailable or too slow", ErrorTable.Unavailable)];

    public static ErrorExample InternalError { get; } =
        new("InternalError", "An unexpected error", ErrorTable.GetError(StatusCodes.Status500InternalServerError));

    private static QuarterHour CurrentQuarterHour => QuarterHour.Current(TimeProvider.System);

    private static ApiError GetAnalyticsError(params IEnumerable<(string Name, string Value)> parameters) =>
        GetAnalyticsError(Scope, parameters);

    private static ApiError GetAnalyticsError(OrganisationScope scope, params IEnumerable<(string Name, string Value)> parameters)
    {
        var query = new GetAnalyticsQuery(scope, new RawQuery(parameters), CurrentQuarterHour);
        return ToApiError(
            [.. new OrganisationScopeValidator().Validate(query).Errors, .. new GetAnalyticsValidator().Validate(query).Errors]);
    }

    private static ApiError GetStreamError(params IEnumerable<(string Name, string Value)> parameters)
    {
        var query = new GetAnalyticsQuery(Scope, new RawQuery(parameters), CurrentQuarterHour) { IsStreaming = true };
        return ToApiError(new GetAnalyticsValidator().Validate(query).Errors);
    }

    private static ApiError GetTaskPageError(params IEnumerable<(string Name, string Value)> parameters) =>
        ToApiError(new ListTasksValidator().Validate(new ListTasksQuery(Scope, new RawQuery(parameters), CurrentQuarterHour)).Errors);

    private static ApiError GetTaskExportError(params IEnumerable<(string Name, string Value)> parameters)
    {
        var query = new ExportTasksQuery(Scope, new RawQuery(parameters), CurrentQuarterHour, "csv");
        return ToApiError(new ExportTasksValidator().Validate(query).Errors);
    }

    private static ApiError GetPushBodyError(PushBody body) =>
        ToApiError(new PushTasksValidator().Validate(new PushTasksCommand(Scope, [], RawQuery.Empty, body, "")).Errors);

    private static ApiError ToApiError(IEnumerable<ValidationFailure> failures) => ErrorTable.GetError(new ValidationException(failures));
}
