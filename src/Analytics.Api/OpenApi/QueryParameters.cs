using System.Text.Json.Nodes;
using Analytics.Application.Demo;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Domain.Organisations;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

/// <summary>
/// The parameters of the query, which controllers bind as they came, so that the generator sees none. As with headers, only
/// those of the documented request have an example; and none has a default but in its description, since the page would send that.
/// </summary>
internal static class QueryParameters
{
    private const string TasksPrefix = "tasks.";
    private const string StreamPrefix = "stream.";
    private const int MaxIdLength = 128;
    private const int MaxStringLength = 100;

    private static readonly string[] FilterNames =
    [
        ParameterNames.SpaceToken, ParameterNames.DateRange, ParameterNames.StartDate, ParameterNames.EndDate, ParameterNames.Timezone, ParameterNames.Agent, ParameterNames.Direction,
    ];

    private static readonly string[] ReportNames =
        [.. FilterNames, ParameterNames.Interval, ParameterNames.Fill, ParameterNames.GroupBy, ParameterNames.Limit, ParameterNames.Compare, ParameterNames.Include];

    /// <summary>The names under which operations refer to what the numbers can be asked by.</summary>
    public static IReadOnlyList<string> AnalyticsNames { get; } = [.. ReportNames, ParameterNames.Format];

    /// <summary>The same for a stream of them.</summary>
    public static IReadOnlyList<string> StreamNames { get; } = [.. ReportNames, StreamPrefix + ParameterNames.Format];

    /// <summary>The same for lists of tasks.</summary>
    public static IReadOnlyList<string> TaskListNames { get; } =
    [
        .. FilterNames, ParameterNames.Outcome, ParameterNames.Status, ParameterNames.ExecutionType, ParameterNames.RunId,
        TasksPrefix + ParameterNames.Limit, ParameterNames.Cursor, TasksPrefix + ParameterNames.Include, TasksPrefix + ParameterNames.Format,
    ];

    /// <summary>All of them, by the name under which operations refer to them.</summary>
    public static IEnumerable<KeyValuePair<string, IOpenApiParameter>> All => [.. FilterParameters, .. ReportParameters, .. TaskListParameters];

    private static string JsonFormatName => ResponseFormats.Name(ResponseFormat.Json);

    private static IEnumerable<string> FormatNames => Enum.GetValues<ResponseFormat>().Select(ResponseFormats.Name);

    private static Dictionary<string, IOpenApiParameter> FilterParameters => new(StringComparer.Ordinal)
    {
        [ParameterNames.SpaceToken] = CreateParameter(
            ParameterNames.SpaceToken,
            "Space token to filter by specific space, compared exactly. If not provided, or blank, fetches all contact spaces. Given twice: 400.",
            HeaderParameters.CreateStringSchema("A-Za-z0-9", SpaceToken.MaxLength),
            DemoData.SpaceToken),
        [ParameterNames.DateRange] = CreateParameter(
            ParameterNames.DateRange,
            "A range by its name: a local day, whole local days before today (`7d`), the 24 hours up to now (`24h`), the current calendar `month` or `year`, whole months before this one (`6mo`), or `all`, which is also no range. Not together with `start_date` or `end_date`.",
            CreateEnumSchema("today", "yesterday", "24h", "7d", "28d", "30d", "91d", "month", "6mo", "12mo", "year", "all")),
        [ParameterNames.StartDate] = CreateParameter(
            ParameterNames.StartDate,
            "The first local day (`2026-11-01`), or an instant with its offset (`2026-11-01T00:00:00+05:30`). Alone: to the end of the local today.",
            CreateDateSchema()),
        [ParameterNames.EndDate] = CreateParameter(
            ParameterNames.EndDate,
            "The last local day, itself included, or the first instant after the range; of the same kind as `start_date`. Alone: without a lower bound.",
            CreateDateSchema()),
        [ParameterNames.Timezone] = CreateParameter(
            ParameterNames.Timezone,
            "The IANA name of the time zone in which days, weeks (from Monday) and months begin, such as `Asia/Kolkata`, in its exact case. Default: `UTC`.",
            CreateStringSchema()),
        [ParameterNames.Agent] = CreateParameter(
            ParameterNames.Agent,
            "Only tasks of this agent, such as `asha`, compared exactly. Given more than once: of any of them. Blank: tasks without one.",
            CreateArraySchema(CreateStringSchema(MaxIdLength))),
        [ParameterNames.Direction] = CreateParameter(
            ParameterNames.Direction,
            "Only tasks of this direction. Blank: tasks without one.",
            CreateEnumSchema([.. SchemaTransformers.DirectionNames])),
    };

    private static Dictionary<string, IOpenApiParameter> ReportParameters => new(StringComparer.Ordinal)
    {
        [ParameterNames.Interval] = CreateParameter(
            ParameterNames.Interval,
            "Adds `series`: the range cut by local hours (of at most 35 days), days (366 days), weeks or months (10 years). Needs a lower bound: `start_date`, or a `date_range` other than `all`.",
            CreateEnumSchema([.. SchemaTransformers.IntervalNames])),
        [ParameterNames.Fill] = CreateParameter(
            ParameterNames.Fill,
            "What becomes of buckets of `series` without a task: they are `zero`, or left out (`none`). Default: `zero`.",
            CreateEnumSchema("zero", "none")),
        [ParameterNames.GroupBy] = CreateParameter(
            ParameterNames.GroupBy,
            "Adds `groups`: by one or two of these, separated by a comma, such as `agent,direction`. Those with the most calls come first.",
            new OpenApiSchema { Type = JsonSchemaType.Array, Items = CreateEnumSchema("space", "agent", "direction"), MaxItems = 2, UniqueItems = true },
            isCommaSeparated: true),
        [ParameterNames.Limit] = CreateParameter(
            ParameterNames.Limit,
            "The most `groups`. What is cut is summed in one last row, which has `\"other\":true`. Default: `100`.",
            CreateLimitSchema()),
        [ParameterNames.Compare] = CreateParameter(
            ParameterNames.Compare,
            "Adds `comparison`: with as many days, calendar months or hours directly before, or with the same dates a year earlier. Needs a lower bound. Where the range is not over, both are compared up to the same elapsed time.",
            CreateEnumSchema("previous_period", "previous_year")),
        [ParameterNames.Include] = CreateParameter(
            ParameterNames.Include,
            "Adds blocks, separated by commas: `reconciliation` (what the outcomes and statuses leave out), `components` (what means are made of), both in every row too, and `meta` (what was asked, and of what state the answer is).",
            CreateArraySchema(CreateEnumSchema("reconciliation", "components", "meta")),
            isCommaSeparated: true),
        [ParameterNames.Format] = CreateParameter(
            ParameterNames.Format,
            "The form of the answer; beats `Accept`. `csv` and `ndjson` are one table: the rows of `series`, else of `groups`, else the totals; both asked is a 400. Default: `json`.",
            CreateEnumSchema([.. FormatNames])),
        [StreamPrefix + ParameterNames.Format] = CreateParameter(ParameterNames.Format, "The data of events are JSON. Default: `json`.", CreateEnumSchema(JsonFormatName)),
    };

    private static Dictionary<string, IOpenApiParameter> TaskListParameters => new(StringComparer.Ordinal)
    {
        [ParameterNames.Outcome] = CreateParameter(ParameterNames.Outcome, "Only calls of this outcome.", CreateEnumSchema([.. SchemaTransformers.OutcomeNames])),
        [ParameterNames.Status] = CreateParameter(
            ParameterNames.Status,
            "Only tasks of this status, such as `completed`; letter case and surrounding blanks do not matter.",
            CreateStringSchema(MaxStringLength)),
        [ParameterNames.ExecutionType] = CreateParameter(
            ParameterNames.ExecutionType,
            "Only tasks of this type, such as `call`; letter case and surrounding blanks do not matter.",
            CreateStringSchema(MaxStringLength)),
        [ParameterNames.RunId] = CreateParameter(ParameterNames.RunId, "Only tasks of this run, compared exactly.", CreateStringSchema(MaxIdLength)),
        [TasksPrefix + ParameterNames.Limit] = CreateParameter(ParameterNames.Limit, "The most tasks of a page. Default: `100`.", CreateLimitSchema()),
        [ParameterNames.Cursor] = CreateParameter(
            ParameterNames.Cursor,
            "Where the page begins: the `cursor` of the page before, with the parameters of that page. It keeps the range that the first page found.",
            CreateStringSchema()),
        [TasksPrefix + ParameterNames.Include] = CreateParameter(
            ParameterNames.Include,
            "Adds `total`: how many tasks all pages have.",
            CreateArraySchema(CreateEnumSchema("total")),
            isCommaSeparated: true),
        [TasksPrefix + ParameterNames.Format] = CreateParameter(
            ParameterNames.Format,
            "The form of the answer; beats `Accept`. `csv` and `ndjson` are the whole list, without `limit`, `cursor` and `include`. Default: `json`.",
            CreateEnumSchema([.. FormatNames])),
    };

    /// <summary>A parameter; of a list, each value is a parameter of its own, unless all of them are one text.</summary>
    private static OpenApiParameter CreateParameter(string name, string description, OpenApiSchema schema, string? example = null, bool isCommaSeparated = false) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = schema,
        Example = example,
        Style = ParameterStyle.Form,
        Explode = !isCommaSeparated,
    };

    private static OpenApiSchema CreateEnumSchema(params string[] values) => new() { Type = JsonSchemaType.String, Enum = [.. values.Select(value => JsonValue.Create(value))] };

    private static OpenApiSchema CreateStringSchema(int? maxLength = null) => new() { Type = JsonSchemaType.String, MaxLength = maxLength };

    private static OpenApiSchema CreateArraySchema(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    private static OpenApiSchema CreateLimitSchema() => new() { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "1000" };

    private static OpenApiSchema CreateDateSchema() => new()
    {
        AnyOf =
        [
            new OpenApiSchema { Title = "A local day", Type = JsonSchemaType.String, Format = "date", Description = "Such as `2026-11-01`." },
            new OpenApiSchema { Title = "An instant", Type = JsonSchemaType.String, Format = "date-time", Description = "Such as `2026-11-01T00:00:00+05:30`, on a 15-minute mark." },
        ],
    };
}
