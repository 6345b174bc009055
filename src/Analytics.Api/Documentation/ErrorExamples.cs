using Analytics.Api.Bodies;
using Analytics.Api.Errors;
using Analytics.Api.Formats;
using Analytics.Api.Live;
using Analytics.Application.Analytics.GetAnalytics;
using Analytics.Application.Analytics.ListTasks;
using Analytics.Application.Analytics.Planning;
using Analytics.Application.Demo;
using Analytics.Application.Organisations;
using Analytics.Application.Pipeline;
using Analytics.Application.Tasks.PushTasks;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.Extensions.Primitives;

namespace Analytics.Api.Documentation;

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
    public static IReadOnlyList<ErrorExample> OfCaller { get; } =
    [
        new("CredentialsMissing", "No Authorization, or another scheme", ErrorTable.CredentialsMissing),
        new("TokenInvalid", "The token is malformed, wrongly signed, expired or names no user", ErrorTable.TokenInvalid),
        new("AddressOverLimit", "Your address sent too many requests without a valid token", ErrorTable.TooManyRequests),
        new("CallerOverLimit", "You sent too many requests", ErrorTable.TooManyRequests),
    ];

    /// <summary>Of whatever asks for a token, where others than this service give them.</summary>
    public static ErrorExample IssuerAway { get; } = new("IssuerAway", "The issuer of the tokens does not answer", ErrorTable.Unavailable);

    /// <summary>Of whatever is about an organisation.</summary>
    public static IReadOnlyList<ErrorExample> OfScope { get; } =
    [
        new("OrgHandleMissing", "Org-Handle is missing or blank", OfNumbers(Scope with { OrgHandle = StringValues.Empty })),
        new("ProductIdInvalid", "Product-Id breaks its rule", OfNumbers(Scope with { ProductId = "unpod dev" })),
        .. OfCaller,
        new("OrganizationNotFound", "The handle is unknown, the organization not active, or you are not a member", ErrorTable.Of(new OrganisationNotFoundException())),
        new("Unavailable", "The database is away or too slow", ErrorTable.Unavailable),
        new("TooBusy", "Too many requests are at work on the database already", ErrorTable.Of(new TooBusyException())),
        IssuerAway,
    ];

    /// <summary>Of whatever asks about an organisation, by the filters that every question has.</summary>
    public static IReadOnlyList<ErrorExample> OfOrganisation { get; } =
    [
        .. OfScope,
        new("SpaceTokenInvalid", "space_token breaks its rule", OfNumbers((InputNames.SpaceToken, "F1O3-QJM1"))),
        new("SpaceTokenRepeated", "space_token is given twice", OfNumbers((InputNames.SpaceToken, DemoData.SpaceToken), (InputNames.SpaceToken, DemoData.SpaceToken))),
        new("DateRangeUnknown", "date_range is none of its words", OfNumbers((InputNames.DateRange, "2d"))),
        new("DateRangeAndDates", "date_range comes with a date", OfNumbers((InputNames.DateRange, "7d"), (InputNames.StartDate, "2026-11-01"))),
        new("DateOffMark", "A date is an instant between the 15-minute marks", OfNumbers((InputNames.StartDate, "2026-11-01T10:05:00Z"))),
        new("DatesReversed", "The end is before the start", OfNumbers((InputNames.StartDate, "2026-11-02"), (InputNames.EndDate, "2026-11-01"))),
        new("TimezoneUnknown", "timezone is no name of IANA's", OfNumbers((InputNames.Timezone, "India Standard Time"))),
        new("LimitInvalid", "limit is out of its range", OfNumbers((InputNames.Limit, "0"))),
        new("SpaceNotFound", "The space is unknown, of another organization or content type, or not active", ErrorTable.Of(new SpaceNotFoundException())),
        new("NumbersMoved", "Writes come between the statements of the answer, again and again", ErrorTable.Of(new NumbersMovedException())),
    ];

    /// <summary>Of what cuts the numbers.</summary>
    public static IReadOnlyList<ErrorExample> OfBlocks { get; } =
    [
        new("IntervalUnbounded", "interval or compare comes without a lower bound", OfNumbers((InputNames.Interval, "day"))),
        new("IntervalTooLong", "interval is too short for the range", OfNumbers((InputNames.Interval, "hour"), (InputNames.DateRange, "91d"))),
        new("GroupByInvalid", "group_by is not one or two of its words", OfNumbers((InputNames.GroupBy, "agent,agent"))),
    ];

    /// <summary>Of numbers as a table.</summary>
    public static IReadOnlyList<ErrorExample> OfTables { get; } =
        [new("TwoTables", "A table is asked for with both interval and group_by", OfNumbers((InputNames.Format, "csv"), (InputNames.DateRange, "7d"), (InputNames.Interval, "day"), (InputNames.GroupBy, "agent")))];

    /// <summary>Of a stream.</summary>
    public static IReadOnlyList<ErrorExample> OfStream { get; } =
    [
        new("ParameterUnknown", "There is no such parameter", OfEvents((InputNames.Outcome, "interested"))),
        new("FormatOfStream", "A table is asked for", OfEvents((InputNames.Format, "csv"))),
        new("TooManyStreams", $"You have {StreamLimits.MostOfACaller} streams already", ErrorTable.TooManyRequests),
        new("TooManyListeners", $"The service has {StreamLimits.Most} streams already", ErrorTable.Unavailable),
    ];

    /// <summary>Of lists of tasks.</summary>
    public static IReadOnlyList<ErrorExample> OfTasks { get; } =
    [
        new("ParameterUnknown", "There is no such parameter", OfPage((InputNames.Interval, "day"))),
        new("OutcomeUnknown", "outcome is none of its words", OfPage((InputNames.Outcome, "won"))),
        new("CursorInvalid", "cursor is none that a page gave", OfPage((InputNames.Cursor, "2"))),
        new("CursorOfOtherTasks", "cursor comes with other parameters than those of its page", OfPage((InputNames.Cursor, Examples.Cursor), (InputNames.Agent, "asha"))),
        new("TooManyExportsOfCaller", $"You read {ExportLimits.MostOfACaller} tables of tasks already", ErrorTable.TooManyRequests),
        new("TooManyExports", $"The service writes {ExportLimits.Most} tables of tasks already", ErrorTable.Unavailable),
        new("PageOfTable", "A table is asked for with limit, cursor or include", OfTable((InputNames.Limit, "10"))),
    ];

    /// <summary>Of a push of tasks.</summary>
    public static IReadOnlyList<ErrorExample> OfPush { get; } =
    [
        new("ParameterUnknown", "There are no parameters", Refusal(new QueryInputs([(InputNames.Interval, "day")]).RefuseAll())),
        new("BodyNotGzip", "The body is not the gzip that Content-Encoding says", OfBody(PushedTasks.BrokenGzip)),
        new("BodyNotUtf8", "The body is not UTF-8", OfBody(PushedTasks.Of(new byte[] { 0xFF }))),
        new("WriteForbidden", "You are a member without the role owner or editor, and your token has no scope tasks:write", ErrorTable.Of(new WriteForbiddenException())),
        new("BodyTooLarge", "The body is larger than a push may be", ErrorTable.Of(RefusedBodyException.TooLarge)),
        new("BodyOfOtherType", "Content-Type is another one", ErrorTable.Of(RefusedBodyException.OtherType)),
        new("BodyOfOtherEncoding", "Content-Encoding is another one", ErrorTable.Of(RefusedBodyException.OtherEncoding)),
    ];

    /// <summary>Of the definitions.</summary>
    public static IReadOnlyList<ErrorExample> OfDefinitions { get; } =
        [new("ParameterUnknown", "There are no parameters", Refusal(new QueryInputs([(InputNames.Interval, "day")]).RefuseAll()))];

    /// <summary>Of what asks nothing but the database.</summary>
    public static IReadOnlyList<ErrorExample> OfDatabase { get; } = [new("Unavailable", "The database is away or too slow", ErrorTable.Unavailable)];

    /// <summary>Of everything.</summary>
    public static ErrorExample Defect { get; } = new("Defect", "A defect of ours", ErrorTable.Of(StatusCodes.Status500InternalServerError));

    private static Slot Now => Slot.Now(TimeProvider.System);

    private static ApiError OfNumbers(params IEnumerable<(string Name, string Value)> inputs) => OfNumbers(Scope, inputs);

    private static ApiError OfNumbers(OrganisationScope scope, params IEnumerable<(string Name, string Value)> inputs)
    {
        var query = new GetAnalyticsQuery(scope, new QueryInputs(inputs), Now);
        return Refusal([.. new OrganisationScopeValidator().Validate(query).Errors, .. new GetAnalyticsValidator().Validate(query).Errors]);
    }

    private static ApiError OfEvents(params IEnumerable<(string Name, string Value)> inputs) =>
        Refusal(new GetAnalyticsValidator().Validate(new GetAnalyticsQuery(Scope, new QueryInputs(inputs), Now) { IsOfStream = true }).Errors);

    private static ApiError OfPage(params IEnumerable<(string Name, string Value)> inputs) =>
        Refusal(new ListTasksValidator().Validate(new ListTasksQuery(Scope, new QueryInputs(inputs), Now)).Errors);

    private static ApiError OfTable(params IEnumerable<(string Name, string Value)> inputs) =>
        Refusal(new ExportTasksValidator().Validate(new ExportTasksQuery(Scope, new QueryInputs(inputs), Now, "csv")).Errors);

    private static ApiError OfBody(PushedTasks body) =>
        Refusal(new PushTasksValidator().Validate(new PushTasksCommand(Scope, [], QueryInputs.None, body, "")).Errors);

    private static ApiError Refusal(IEnumerable<ValidationFailure> failures) => ErrorTable.Of(new ValidationException(failures));
}
