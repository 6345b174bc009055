using Analytics.Application.Reporting.ListOrganisations;
using Analytics.Application.Reporting.ListSpaces;
using Analytics.Application.Requests;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>The query parameters of all routes. Scalar sends every default, so that they are only in the description.</summary>
public static class QueryParameters
{
    public const int DefaultLimit = 100;

    public const string ExampleCursor = "CgprRVV6Vl8yY3ZwOTJPYTdvCjE3OTQxMDI5NjIyOTIKZGVtby1zdXBwb3J0LTAwMTcKYm9OMGY4UDA";

    private const int MaxLimit = 1000;

    private static readonly string[] DirectionNames =
        [.. Enum.GetValues<Direction>().Where(direction => direction != Domain.Tasks.Direction.None).Select(Directions.Name)];

    public static RequestParameter SpaceToken { get; } = new(
        "space_token",
        "Space token to filter by specific space, case-sensitive. If not provided, or blank, fetches all contact spaces. Given twice: 400.")
    {
        Characters = "A-Za-z0-9",
        MaxLength = Domain.Organisations.SpaceToken.MaxLength,
        Example = "F1O3QJM1Y7Q1AVVUYNV4VPRB",
        IsExampleSent = true,
    };

    public static RequestParameter DateRange { get; } = new(
        "date_range",
        "A named range: a local day, whole local days before today (`7d`), the last 24 hours (`24h`), the current calendar `week`, "
        + "`month` or `year`, whole months before the current one (`6mo`), or `all` (the default). "
        + "Not together with `start_date` or `end_date`.")
    { EnumName = "DateRange", Values = [.. RequestedRange.Named.Keys], Example = "7d" };

    public static RequestParameter StartDate { get; } = new(
        "start_date",
        "The first local day (`2026-11-01`), or an instant with its offset (`2026-11-01T00:00:00+05:30`). "
        + "Without `end_date`: to the end of today, in local time.")
    { Kind = ParameterKind.DayOrInstant, Example = "2026-11-01" };

    public static RequestParameter EndDate { get; } = new(
        "end_date",
        "The last local day (included), or an instant (excluded); of the same kind as `start_date`. "
        + "Without `start_date`: no lower bound.")
    { Kind = ParameterKind.DayOrInstant, Example = "2026-11-07" };

    public static RequestParameter Timezone { get; } = new(
        "timezone",
        "The IANA name of the time zone in which days, weeks (from Monday) and months begin, such as `Asia/Kolkata`, "
        + "case-sensitive. Default: `UTC`.")
    { Example = "Asia/Kolkata" };

    public static RequestParameter Agent { get; } = new(
        "agent",
        "Only tasks of this agent, such as `asha`, case-sensitive. Can be repeated: tasks of any of them. Blank: tasks without an agent.")
    { Kind = ParameterKind.RepeatedText, MaxLength = FieldValidator.MaxIdLength, Example = "asha" };

    public static RequestParameter Direction { get; } = new(
        "direction", "Only tasks of this direction. Blank: tasks without a direction.")
    { EnumName = nameof(Direction), Values = DirectionNames, Example = DirectionNames[0] };

    public static EnumParameter<Interval> Interval { get; } = new(
        "interval",
        "Adds `series`: one row for each local hour (range of at most 35 days), day (366 days), week or month (10 years). "
        + "Requires a lower bound: `start_date`, or a `date_range` other than `all`.")
    { Example = "day" };

    public static EnumParameter<FillMode> Fill { get; } = new(
        "fill", "Buckets of `series` without tasks are included as zeros (`zero`) or omitted (`none`). Default: `zero`.")
    { Example = "none" };

    public static EnumParameter<Dimension> GroupBy { get; } = new(
        "group_by",
        "Adds `groups`: by one or two of these, repeated or separated by a comma (`agent,direction`). Sorted by calls, descending. "
        + "`space`, `agent` and `direction` can be combined; `run` with one of them; `label` with `space`, and not with the filters "
        + "`agent`, `direction` and `run_id`. `day_of_week` and `hour_of_day`, alone or together, are in local time, cover a range of at "
        + "most 92 days, and have a row for each day and hour.")
    { Kind = ParameterKind.CommaSeparatedList, MaxItems = 2, EnumName = "GroupDimension", Example = "agent,direction" };

    public static RequestParameter Limit { get; } = new(
        "limit", $"The maximum number of `groups`. The rest is added up in one last row with `\"other\":true`. Default: `{DefaultLimit}`.")
    { Kind = ParameterKind.Number, Maximum = MaxLimit, Example = "10" };

    public static EnumParameter<ComparisonKind> Compare { get; } = new(
        "compare",
        "Adds `comparison`: with the same number of days, calendar months or hours directly before, or with the same length of time "
        + "a year earlier. Requires a lower bound. If the range is not over, both are compared up to now and the moment that "
        + "corresponds to it.")
    { Example = "previous_period" };

    public static EnumParameter<IncludeOptions> Include { get; } = new(
        "include",
        "Adds sections, repeated or separated by commas: `reconciliation` (calls and tasks that the counts do not include) and `components` "
        + "(the sums and counts behind the averages), both also in every row, and `meta` (how the query was understood and how "
        + "recent the data is).",
        IncludeOptions.Reconciliation, IncludeOptions.Components, IncludeOptions.Meta)
    { Kind = ParameterKind.CommaSeparatedList, EnumName = "AnalyticsInclude", Example = "reconciliation,components" };

    public static EnumParameter<ResponseFormat> Format { get; } = new(
        "format",
        "The format of the response; overrides `Accept`. `csv` and `ndjson` contain one table: the rows of `series`, or of `groups`, "
        + "or else the totals. Both `series` and `groups`, `compare` or `include=meta`: 400. Default: `json`.")
    { Example = "json" };

    public static EnumParameter<ResponseFormat> StreamFormat { get; } = new(
        "format", "The data of events is JSON. Default: `json`.", ResponseFormat.Json)
    { Key = "stream.format", EnumName = "StreamFormat", Example = "json" };

    public static EnumParameter<Outcome> Outcome { get; } = new(
        "outcome", "Only calls with one of these outcomes, repeated or separated by commas.")
    { Kind = ParameterKind.CommaSeparatedList, Example = "interested" };

    public static RequestParameter Label { get; } = new(
        "label",
        "Only tasks with this label, such as `Call Back`; ignores letter case, surrounding spaces, and `_` for a space. "
        + "Blank: tasks without a label.")
    { MaxLength = FieldValidator.MaxStringLength, Example = "voicemail" };

    public static RequestParameter TaskId { get; } = new("task_id", "Only this task, case-sensitive.")
    { MaxLength = FieldValidator.MaxIdLength, Example = "demo-support-0017" };

    public static RequestParameter Status { get; } = new(
        "status", "Only tasks with this status, such as `completed`; ignores letter case and surrounding spaces.")
    { MaxLength = FieldValidator.MaxStringLength, Example = "completed" };

    public static RequestParameter ExecutionType { get; } = new(
        "execution_type", "Only tasks of this type, such as `call`; ignores letter case and surrounding spaces.")
    { MaxLength = FieldValidator.MaxStringLength, Example = "call" };

    public static RequestParameter RunId { get; } = new(
        "run_id", "Only tasks of this run, case-sensitive. Blank: tasks without a run.")
    { MaxLength = FieldValidator.MaxIdLength, Example = "demo-run-1" };

    public static RequestParameter TaskLimit { get; } = new(
        "limit",
        "The maximum number of tasks on a page. A page can have fewer, or none, while `has_more` is true: it examines at most "
        + $"{ExaminationLimit.Default} tasks. Default: `{DefaultLimit}`.")
    { Key = "tasks.limit", Kind = ParameterKind.Number, Maximum = MaxLimit, Example = "10" };

    public static RequestParameter Cursor { get; } = new(
        "cursor", "The `cursor` of the previous page, sent with the same parameters. The time range stays that of the first page.")
    { Example = ExampleCursor };

    public static RequestParameter ListLimit { get; } = new("limit", $"The maximum number of rows on a page. Default: `{DefaultLimit}`.")
    { Key = "list.limit", Kind = ParameterKind.Number, Maximum = MaxLimit, Example = "10" };

    public static RequestParameter SpaceCursor { get; } = new("cursor", "The `cursor` of the previous page.")
    { Key = "spaces.cursor", Example = $"{new SpacePosition("Support", SpaceToken.Example)}" };

    public static RequestParameter OrganisationCursor { get; } = new("cursor", "The `cursor` of the previous page.")
    { Key = "organisations.cursor", Example = $"{new OrganisationPosition("recalll.co")}" };

    public static EnumParameter<IncludeOptions> TaskInclude { get; } = new(
        "include",
        $"Adds `total`: the number of tasks on all pages, or null if counting them would examine more than {ExaminationLimit.Default} tasks.",
        IncludeOptions.Total)
    { Key = "tasks.include", Kind = ParameterKind.CommaSeparatedList, EnumName = "TaskListInclude", Example = "total" };

    public static EnumParameter<ResponseFormat> TaskFormat { get; } = new(
        "format",
        "The format of the response; overrides `Accept`. `csv` and `ndjson` contain the whole list, without `limit`, `cursor` and "
        + "`include`. Default: `json`.")
    { Key = "tasks.format", Example = "json" };

    // The parameters of each route, in the order of error messages and the OpenAPI document.
    public static IReadOnlyList<RequestParameter> OfAnalytics { get; } =
    [
        SpaceToken, DateRange, StartDate, EndDate, Timezone, Interval, GroupBy, Agent, Direction, RunId, Compare, Include,
        Fill, Limit, Format,
    ];

    public static IReadOnlyList<RequestParameter> OfStream { get; } = [.. OfAnalytics.SkipLast(1), StreamFormat];

    public static IReadOnlyList<RequestParameter> FiltersOfTaskList { get; } =
    [
        DateRange, StartDate, EndDate, Timezone, SpaceToken, Agent, Direction, RunId, Outcome, Status, ExecutionType, Label,
        TaskId,
    ];

    public static IReadOnlyList<RequestParameter> OfTaskList { get; } =
        [.. FiltersOfTaskList, TaskLimit, Cursor, TaskInclude, TaskFormat];

    public static IReadOnlyList<RequestParameter> OfSpaceList { get; } = [ListLimit, SpaceCursor];

    public static IReadOnlyList<RequestParameter> OfOrganisationList { get; } = [ListLimit, OrganisationCursor];

    public static IEnumerable<RequestParameter> All =>
        OfAnalytics.Union(OfStream).Union(OfTaskList).Union(OfSpaceList).Union(OfOrganisationList);
}
