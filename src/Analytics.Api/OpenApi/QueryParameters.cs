using System.Text.Json.Nodes;
using Analytics.Application.Demo;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Domain.Organisations;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

/// <summary>
/// Controllers read the query string as a whole, so that the generator does not document its parameters. Scalar sends every
/// parameter that has an example or a default, so that most have them only in their description.
/// </summary>
internal static class QueryParameters
{
    private const string TasksPrefix = "tasks.";
    private const string StreamPrefix = "stream.";

    private static readonly string DefaultLimitText = $"Default: `{ParameterValues.DefaultLimit}`.";

    private static readonly string[] FilterNames =
    [
        ParameterNames.SpaceToken, ParameterNames.DateRange, ParameterNames.StartDate, ParameterNames.EndDate,
        ParameterNames.Timezone, ParameterNames.Agent, ParameterNames.Direction,
    ];

    private static readonly string[] ReportNames =
    [
        .. FilterNames, ParameterNames.Interval, ParameterNames.Fill, ParameterNames.GroupBy, ParameterNames.Limit,
        ParameterNames.Compare, ParameterNames.Include,
    ];

    // Names are keys of the document's parameter components.
    public static IReadOnlyList<string> AnalyticsNames { get; } = [.. ReportNames, ParameterNames.Format];

    public static IReadOnlyList<string> StreamNames { get; } = [.. ReportNames, StreamPrefix + ParameterNames.Format];

    public static IReadOnlyList<string> TaskListNames { get; } =
    [
        .. FilterNames, ParameterNames.Outcome, ParameterNames.Status, ParameterNames.ExecutionType, ParameterNames.RunId,
        TasksPrefix + ParameterNames.Limit, ParameterNames.Cursor, TasksPrefix + ParameterNames.Include,
        TasksPrefix + ParameterNames.Format,
    ];

    public static IEnumerable<KeyValuePair<string, IOpenApiParameter>> All =>
        [.. FilterParameters, .. ReportParameters, .. TaskListParameters];

    private static Dictionary<string, IOpenApiParameter> FilterParameters => new(StringComparer.Ordinal)
    {
        [ParameterNames.SpaceToken] = CreateParameter(
            ParameterNames.SpaceToken,
            "Space token to filter by specific space, case-sensitive. If not provided, or blank, fetches all contact spaces. Given twice: 400.",
            HeaderParameters.CreateStringSchema("A-Za-z0-9", SpaceToken.MaxLength),
            DemoData.SpaceToken),
        [ParameterNames.DateRange] = CreateParameter(
            ParameterNames.DateRange,
            "A named range: a local day, whole local days before today (`7d`), the last 24 hours (`24h`), the current calendar `month` "
            + "or `year`, whole months before the current one (`6mo`), or `all` (the default). "
            + "Not together with `start_date` or `end_date`.",
            CreateEnumSchema(ParameterValues.DateRanges)),
        [ParameterNames.StartDate] = CreateParameter(
            ParameterNames.StartDate,
            "The first local day (`2026-11-01`), or an instant with its offset (`2026-11-01T00:00:00+05:30`). "
            + "Without `end_date`: to the end of today, in local time.",
            CreateDateSchema()),
        [ParameterNames.EndDate] = CreateParameter(
            ParameterNames.EndDate,
            "The last local day (included), or an instant (excluded); of the same kind as `start_date`. "
            + "Without `start_date`: no lower bound.",
            CreateDateSchema()),
        [ParameterNames.Timezone] = CreateParameter(
            ParameterNames.Timezone,
            "The IANA name of the time zone in which days, weeks (from Monday) and months begin, such as `Asia/Kolkata`, "
            + "case-sensitive. Default: `UTC`.",
            CreateStringSchema()),
        [ParameterNames.Agent] = CreateParameter(
            ParameterNames.Agent,
            "Only tasks of this agent, such as `asha`, case-sensitive. Can be repeated: tasks of any of them. Blank: tasks without an agent.",
            CreateArraySchema(CreateStringSchema(ParameterValues.MaxIdLength))),
        [ParameterNames.Direction] = CreateParameter(
            ParameterNames.Direction,
            "Only tasks of this direction. Blank: tasks without a direction.",
            CreateEnumSchema(SchemaTransformers.DirectionNames)),
    };

    private static Dictionary<string, IOpenApiParameter> ReportParameters => new(StringComparer.Ordinal)
    {
        [ParameterNames.Interval] = CreateParameter(
            ParameterNames.Interval,
            "Adds `series`: one row for each local hour (range of at most 35 days), day (366 days), week or month (10 years). "
            + "Requires a lower bound: `start_date`, or a `date_range` other than `all`.",
            CreateEnumSchema(SchemaTransformers.IntervalNames)),
        [ParameterNames.Fill] = CreateParameter(
            ParameterNames.Fill,
            "Buckets of `series` without tasks are included as zeros (`zero`) or omitted (`none`). Default: `zero`.",
            CreateEnumSchema([.. ParameterValues.FillModes.Select(option => option.Name)])),
        [ParameterNames.GroupBy] = CreateParameter(
            ParameterNames.GroupBy,
            "Adds `groups`: by one or two of these, separated by a comma, such as `agent,direction`. Sorted by calls, descending.",
            CreateDimensionsSchema(),
            isCommaSeparated: true),
        [ParameterNames.Limit] = CreateParameter(
            ParameterNames.Limit,
            $"The maximum number of `groups`. The rest is added up in one last row with `\"other\":true`. {DefaultLimitText}",
            CreateLimitSchema()),
        [ParameterNames.Compare] = CreateParameter(
            ParameterNames.Compare,
            "Adds `comparison`: with the same number of days, calendar months or hours directly before, or with the same dates a year "
            + "earlier. Requires a lower bound. If the range is not over, both are compared up to the same elapsed time.",
            CreateEnumSchema([.. ParameterValues.Comparisons.Select(option => option.Name)])),
        [ParameterNames.Include] = CreateParameter(
            ParameterNames.Include,
            "Adds sections, separated by commas: `reconciliation` (calls and tasks that the counts do not include) and `components` "
            + "(the sums and counts behind the averages), both also in every row, and `meta` (how the query was understood and how "
            + "recent the data is).",
            CreateArraySchema(CreateEnumSchema([.. ParameterValues.AnalyticsSections.Select(option => option.Name)])),
            isCommaSeparated: true),
        [ParameterNames.Format] = CreateParameter(
            ParameterNames.Format,
            "The format of the response; overrides `Accept`. `csv` and `ndjson` contain one table: the rows of `series`, or of `groups`, "
            + "or else the totals. Both `series` and `groups`: 400. Default: `json`.",
            CreateFormatSchema()),
        [StreamPrefix + ParameterNames.Format] = CreateParameter(
            ParameterNames.Format,
            "The data of events is JSON. Default: `json`.",
            CreateEnumSchema([ResponseFormats.Name(ResponseFormat.Json)])),
    };

    private static Dictionary<string, IOpenApiParameter> TaskListParameters => new(StringComparer.Ordinal)
    {
        [ParameterNames.Outcome] = CreateParameter(
            ParameterNames.Outcome, "Only calls with this outcome.", CreateEnumSchema(SchemaTransformers.OutcomeNames)),
        [ParameterNames.Status] = CreateParameter(
            ParameterNames.Status,
            "Only tasks with this status, such as `completed`; ignores letter case and surrounding spaces.",
            CreateStringSchema(ParameterValues.MaxStringLength)),
        [ParameterNames.ExecutionType] = CreateParameter(
            ParameterNames.ExecutionType,
            "Only tasks of this type, such as `call`; ignores letter case and surrounding spaces.",
            CreateStringSchema(ParameterValues.MaxStringLength)),
        [ParameterNames.RunId] = CreateParameter(
            ParameterNames.RunId, "Only tasks of this run, case-sensitive.", CreateStringSchema(ParameterValues.MaxIdLength)),
        [TasksPrefix + ParameterNames.Limit] = CreateParameter(
            ParameterNames.Limit, $"The maximum number of tasks on a page. {DefaultLimitText}", CreateLimitSchema()),
        [ParameterNames.Cursor] = CreateParameter(
            ParameterNames.Cursor,
            "The `cursor` of the previous page, sent with the same parameters. The time range stays that of the first page.",
            CreateStringSchema()),
        [TasksPrefix + ParameterNames.Include] = CreateParameter(
            ParameterNames.Include,
            "Adds `total`: the number of tasks on all pages.",
            CreateArraySchema(CreateEnumSchema([.. ParameterValues.TaskListSections.Select(option => option.Name)])),
            isCommaSeparated: true),
        [TasksPrefix + ParameterNames.Format] = CreateParameter(
            ParameterNames.Format,
            "The format of the response; overrides `Accept`. `csv` and `ndjson` contain the whole list, without `limit`, `cursor` and "
            + "`include`. Default: `json`.",
            CreateFormatSchema()),
    };

    private static OpenApiParameter CreateParameter(
        string name, string description, OpenApiSchema schema, string? example = null, bool isCommaSeparated = false) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = schema,
        Example = example,
        Style = ParameterStyle.Form,
        Explode = !isCommaSeparated,
    };

    private static OpenApiSchema CreateEnumSchema(IEnumerable<string> values) =>
        new() { Type = JsonSchemaType.String, Enum = [.. values.Select(value => JsonValue.Create(value))] };

    private static OpenApiSchema CreateFormatSchema() => CreateEnumSchema(ParameterValues.Formats.Select(option => option.Name));

    private static OpenApiSchema CreateDimensionsSchema() => new()
    {
        Type = JsonSchemaType.Array,
        Items = CreateEnumSchema(ParameterValues.Dimensions.Select(option => option.Name)),
        MaxItems = ParameterValues.MaxDimensions,
        UniqueItems = true,
    };

    private static OpenApiSchema CreateStringSchema(int? maxLength = null) =>
        new() { Type = JsonSchemaType.String, MaxLength = maxLength };

    private static OpenApiSchema CreateArraySchema(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    private static OpenApiSchema CreateLimitSchema() =>
        new() { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{ParameterValues.MaxLimit}" };

    private static OpenApiSchema CreateDateSchema() => new()
    {
        AnyOf =
        [
            new OpenApiSchema
            {
                Title = "A local day",
                Type = JsonSchemaType.String,
                Format = "date",
                Description = "Such as `2026-11-01`.",
            },
            new OpenApiSchema
            {
                Title = "An instant",
                Type = JsonSchemaType.String,
                Format = "date-time",
                Description = "Such as `2026-11-01T00:00:00+05:30`, on a 15-minute mark.",
            },
        ],
    };
}
