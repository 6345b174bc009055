using Analytics.Api.Controllers;
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
using Analytics.Application.Reporting.ListOrganisations;
using Analytics.Application.Reporting.ListSpaces;
using Analytics.Application.Reporting.ListTasks;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Rollups;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.Extensions.Primitives;

namespace Analytics.Api.OpenApi;

internal sealed record ErrorExample(string Name, string When, ErrorResponse Body);

/// <summary>The documented errors, produced by the service's own validation and error table.</summary>
internal static class ErrorExamples
{
    private static readonly OrganisationScope Scope = new(DemoData.UserId, DemoData.Handle, StringValues.Empty, []);

    private static readonly ErrorExample Unavailable =
        new("Unavailable", "The database is unavailable or too slow", ErrorTable.Unavailable);

    private static readonly ErrorExample Overloaded =
        Thrown("Overloaded", "The service is overloaded: its request queue is full", new OverloadedException());

    // Only if an external issuer's keys are used.
    private static readonly ErrorExample IssuerUnavailable =
        new("IssuerUnavailable", "The token issuer is unavailable", ErrorTable.Unavailable);

    private static readonly ErrorExample ParametersUnknown =
        Invalid("ParameterUnknown", "The route has no parameters", Parse("interval=day").RejectAny());

    private static readonly ErrorExample[] AuthenticationErrors =
    [
        new("CredentialsMissing", "No Authorization, or another scheme", ErrorTable.CredentialsMissing),
        new("SchemeMissing", "Authorization is a token without its scheme", ErrorTable.SchemeMissing),
        new("TokenInvalid", "The token is malformed, has an invalid signature, is expired or has no user id", ErrorTable.TokenInvalid),
        new("AnonymousRateLimitExceeded", "Your address sent too many requests without a valid token", ErrorTable.TooManyRequests),
        new("UserRateLimitExceeded", "You sent too many requests", ErrorTable.TooManyRequests),
    ];

    private static readonly ErrorExample[] ScopeErrors =
    [
        InvalidScope("OrgHandleMissing", "Org-Handle is missing or blank", Scope with { OrgHandle = StringValues.Empty }),
        InvalidScope("ProductIdInvalid", "Product-Id is invalid", Scope with { ProductId = "unpod dev" }),
        .. AuthenticationErrors,
        Thrown(
            "OrganizationNotFound",
            "The handle is unknown, the organisation not active, or you are not a member",
            new OrganisationNotFoundException()),
        Unavailable,
        Overloaded,
        IssuerUnavailable,
    ];

    private static readonly ErrorExample[] FilterErrors =
    [
        .. ScopeErrors,
        InvalidAnalytics("SpaceTokenInvalid", "space_token is invalid", "space_token=F1O3-QJM1"),
        InvalidAnalytics("SpaceTokenRepeated", "space_token is given twice", "space_token=F1O3&space_token=F1O3"),
        InvalidAnalytics("DateRangeUnknown", "date_range is not one of its values", "date_range=2d"),
        InvalidAnalytics("DateRangeAndDates", "date_range comes with a date", "date_range=7d&start_date=2026-11-01"),
        InvalidAnalytics("DateNotAligned", "A date is an instant that is not on a 15-minute mark", "start_date=2026-11-01T10:05:00Z"),
        InvalidAnalytics("DatesReversed", "The end is before the start", "start_date=2026-11-02&end_date=2026-11-01"),
        InvalidAnalytics("TimezoneUnknown", "timezone is not an IANA name", "timezone=India Standard Time"),
        InvalidAnalytics("LimitInvalid", "limit is out of its range", "limit=0"),
        Thrown(
            "SpaceNotFound", "The space is unknown, of another organisation or content type, or not active", new SpaceNotFoundException()),
        Thrown("ConcurrentChange", "Concurrent writes prevented a consistent read", new ConcurrentChangeException()),
    ];

    private static readonly ErrorExample[] SectionErrors =
    [
        InvalidAnalytics("IntervalUnbounded", "interval or compare comes without a lower bound", "interval=day"),
        InvalidAnalytics("IntervalTooLong", "The range is too long for interval", "interval=hour&date_range=91d"),
        InvalidAnalytics("GroupByInvalid", "group_by is not one or two different values", "group_by=agent,agent"),
        InvalidAnalytics("GroupByPairInvalid", "group_by combines what cannot be combined", "group_by=label,agent"),
        Thrown("TooManyRows", "The request would read too many rollups", new TooManyRowsException()),
    ];

    public static IReadOnlyList<ErrorExample> OfAnalytics { get; } =
    [
        .. FilterErrors,
        .. SectionErrors,
        InvalidAnalytics(
            "TableWithSeriesAndGroups",
            "csv or ndjson is requested with both interval and group_by",
            "format=csv&date_range=7d&interval=day&group_by=agent"),
    ];

    public static IReadOnlyList<ErrorExample> OfStream { get; } =
    [
        .. FilterErrors,
        .. SectionErrors,
        InvalidStream("ParameterUnknown", "The parameter is unknown", "outcome=interested"),
        InvalidStream("FormatOfStream", "csv or ndjson is requested", "format=csv"),
        new("StreamLimitOfUser", $"You already have {StreamConcurrencyLimiter.MaxPerUser} streams open", ErrorTable.TooManyRequests),
        new("StreamLimitOfService", $"The service already has {StreamConcurrencyLimiter.MaxTotal} streams open", ErrorTable.Unavailable),
    ];

    public static IReadOnlyList<ErrorExample> OfTaskList { get; } =
    [
        .. FilterErrors,
        InvalidPage("ParameterUnknown", "The parameter is unknown", "interval=day"),
        InvalidPage("OutcomeUnknown", "outcome is not one of its values", "outcome=won"),
        InvalidPage("CursorInvalid", "cursor was not returned by a page", "cursor=2"),
        InvalidPage(
            "CursorMismatch",
            "cursor is sent with other parameters than those of its page",
            $"cursor={QueryParameters.ExampleCursor}&agent=asha"),
        new("ExportInProgress", "The organisation has an export in progress", ErrorTable.TooManyRequests),
        new("ExportLimitOfService", "The service has too many exports in progress, or no space for a further one", ErrorTable.Unavailable),
        Invalid(
            "PagingOfTable",
            "csv or ndjson is requested with limit, cursor or include",
            new ExportTasksQuery(Scope, Parse("limit=10"), CurrentQuarterHour, "csv").Errors),
    ];

    public static IReadOnlyList<ErrorExample> OfOrganisationList { get; } =
    [
        .. AuthenticationErrors, Unavailable, Overloaded, IssuerUnavailable,
        .. CreatePageErrors(query => new ListOrganisationsQuery(DemoData.UserId, query).Errors),
    ];

    public static IReadOnlyList<ErrorExample> OfSpaceList { get; } =
        [.. ScopeErrors, .. CreatePageErrors(query => new ListSpacesQuery(Scope, query).Errors)];

    public static IReadOnlyList<ErrorExample> OfPush { get; } =
    [
        .. ScopeErrors,
        ParametersUnknown,
        Thrown("BodyNotArray", "Content-Type is application/json, but the body is not an array", PushBody.InvalidArray),
        Thrown("BodyNotGzip", "Content-Encoding is gzip, but the body is not", PushBody.InvalidGzip),
        Thrown("BodyNotUtf8", "The body is not UTF-8", PushBody.InvalidUtf8),
        Thrown(
            "WriteForbidden",
            "You are a member without the role owner or editor, and your token has no scope tasks:write",
            new ForbiddenException()),
        Thrown("BodyTooLarge", "The body exceeds the size limit", PushBodyReader.TooLarge),
        Thrown("UnsupportedMediaType", "Content-Type is not supported", PushBodyReader.UnsupportedMediaType),
        Thrown("UnsupportedEncoding", "Content-Encoding is not supported", PushBodyReader.UnsupportedEncoding),
    ];

    public static IReadOnlyList<ErrorExample> OfDefinitions { get; } = [.. AuthenticationErrors, ParametersUnknown, IssuerUnavailable];

    public static IReadOnlyList<ErrorExample> OfLiveness { get; } =
        [new("MethodNotAllowed", "The method is neither GET nor HEAD", ErrorTable.GetError(StatusCodes.Status405MethodNotAllowed))];

    public static IReadOnlyList<ErrorExample> OfReadiness { get; } = [.. OfLiveness, Unavailable];

    public static ErrorExample InternalError { get; } =
        new("InternalError", "An unexpected error", ErrorTable.GetError(StatusCodes.Status500InternalServerError));

    private static QuarterHour CurrentQuarterHour => QuarterHour.Current(TimeProvider.System);

    private static ErrorExample Thrown(string name, string when, Exception exception) => new(name, when, ErrorTable.GetError(exception));

    private static ErrorExample Invalid(string name, string when, IEnumerable<ValidationFailure> failures) =>
        Thrown(name, when, new ValidationException(failures));

    private static ErrorExample InvalidScope(string name, string when, OrganisationScope scope) => Invalid(
        name, when, new OrganisationScopeValidator().Validate(new GetAnalyticsQuery(scope, RawQuery.Empty, CurrentQuarterHour)).Errors);

    private static ErrorExample InvalidAnalytics(string name, string when, string query) =>
        Invalid(name, when, new GetAnalyticsQuery(Scope, Parse(query), CurrentQuarterHour).Errors);

    private static ErrorExample InvalidStream(string name, string when, string query) =>
        Invalid(name, when, new GetAnalyticsQuery(Scope, Parse(query), CurrentQuarterHour) { IsStreaming = true }.Errors);

    private static ErrorExample InvalidPage(string name, string when, string query) =>
        Invalid(name, when, new ListTasksQuery(Scope, Parse(query), CurrentQuarterHour).Errors);

    private static ErrorExample[] CreatePageErrors(Func<RawQuery, IEnumerable<ValidationFailure>> validate) =>
    [
        Invalid("ParameterUnknown", "The parameter is unknown", validate(Parse("interval=day"))),
        Invalid("LimitInvalid", "limit is out of its range", validate(Parse("limit=0"))),
        Invalid("CursorInvalid", "cursor was not returned by a page", validate(Parse("cursor=2"))),
    ];

    private static RawQuery Parse(string query) => RawQueryBinder.Parse(new($"?{query}"));
}
