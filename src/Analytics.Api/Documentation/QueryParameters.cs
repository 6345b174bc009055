using System.Text.Json.Nodes;
using Analytics.Application.Analytics.Planning;
using Analytics.Application.Demo;
using Analytics.Application.Pipeline;
using Analytics.Domain.Organisations;
using Microsoft.OpenApi;

namespace Analytics.Api.Documentation;

/// <summary>
/// The parameters of the query, which controllers bind as they came, so that the generator sees none. As with headers, only
/// those of the documented request have an example; and none has a default but in its description, since the page would send that.
/// </summary>
internal static class QueryParameters
{
    private const string Tasks = "tasks.";
    private const string Stream = "stream.";
    private const int MaxId = 128;
    private const int MaxWord = 100;

    private static readonly string[] Filters =
    [
        InputNames.SpaceToken, InputNames.DateRange, InputNames.StartDate, InputNames.EndDate, InputNames.Timezone, InputNames.Agent, InputNames.Direction,
    ];

    private static readonly string[] Blocks =
        [.. Filters, InputNames.Interval, InputNames.Fill, InputNames.GroupBy, InputNames.Limit, InputNames.Compare, InputNames.Include];

    /// <summary>The names under which operations refer to what the numbers can be asked by.</summary>
    public static IReadOnlyList<string> OfAnalytics { get; } = [.. Blocks, InputNames.Format];

    /// <summary>The same for a stream of them.</summary>
    public static IReadOnlyList<string> OfStream { get; } = [.. Blocks, Stream + InputNames.Format];

    /// <summary>The same for lists of tasks.</summary>
    public static IReadOnlyList<string> OfTasks { get; } =
    [
        .. Filters, InputNames.Outcome, InputNames.Status, InputNames.ExecutionType, InputNames.RunId,
        Tasks + InputNames.Limit, InputNames.Cursor, Tasks + InputNames.Include, Tasks + InputNames.Format,
    ];

    /// <summary>All of them, by the name under which operations refer to them.</summary>
    public static IEnumerable<KeyValuePair<string, IOpenApiParameter>> All => [.. FilterParameters, .. BlockParameters, .. TaskParameters];

    private static string Json => AnswerFormats.Name(AnswerFormat.Json);

    private static IEnumerable<string> Formats => Enum.GetValues<AnswerFormat>().Select(AnswerFormats.Name);

    private static Dictionary<string, IOpenApiParameter> FilterParameters => new(StringComparer.Ordinal)
    {
        [InputNames.SpaceToken] = Parameter(
            InputNames.SpaceToken,
            "Space token to filter by specific space, compared exactly. If not provided, or blank, fetches all contact spaces. Given twice: 400.",
            Inputs.OfAlphabet("A-Za-z0-9", SpaceToken.MaxLength),
            DemoData.SpaceToken),
        [InputNames.DateRange] = Parameter(
            InputNames.DateRange,
            "A range by its name: a local day, whole local days before today (`7d`), the 24 hours up to now (`24h`), the current calendar `month` or `year`, whole months before this one (`6mo`), or `all`, which is also no range. Not together with `start_date` or `end_date`.",
            OneOf("today", "yesterday", "24h", "7d", "28d", "30d", "91d", "month", "6mo", "12mo", "year", "all")),
        [InputNames.StartDate] = Parameter(
            InputNames.StartDate,
            "The first local day (`2026-11-01`), or an instant with its offset (`2026-11-01T00:00:00+05:30`). Alone: to the end of the local today.",
            DayOrInstant()),
        [InputNames.EndDate] = Parameter(
            InputNames.EndDate,
            "The last local day, itself included, or the first instant after the range; of the same kind as `start_date`. Alone: without a lower bound.",
            DayOrInstant()),
        [InputNames.Timezone] = Parameter(
            InputNames.Timezone,
            "The IANA name of the time zone in which days, weeks (from Monday) and months begin, such as `Asia/Kolkata`, in its exact case. Default: `UTC`.",
            Text()),
        [InputNames.Agent] = Parameter(
            InputNames.Agent,
            "Only tasks of this agent, such as `asha`, compared exactly. Given more than once: of any of them. Blank: tasks without one.",
            ListOf(Text(MaxId))),
        [InputNames.Direction] = Parameter(
            InputNames.Direction,
            "Only tasks of this direction. Blank: tasks without one.",
            OneOf([.. Schemas.DirectionNames])),
    };

    private static Dictionary<string, IOpenApiParameter> BlockParameters => new(StringComparer.Ordinal)
    {
        [InputNames.Interval] = Parameter(
            InputNames.Interval,
            "Adds `series`: the range cut by local hours (of at most 35 days), days (366 days), weeks or months (10 years). Needs a lower bound: `start_date`, or a `date_range` other than `all`.",
            OneOf([.. Schemas.IntervalNames])),
        [InputNames.Fill] = Parameter(
            InputNames.Fill,
            "What becomes of buckets of `series` without a task: they are `zero`, or left out (`none`). Default: `zero`.",
            OneOf("zero", "none")),
        [InputNames.GroupBy] = Parameter(
            InputNames.GroupBy,
            "Adds `groups`: by one or two of these, separated by a comma, such as `agent,direction`. Those with the most calls come first.",
            new OpenApiSchema { Type = JsonSchemaType.Array, Items = OneOf("space", "agent", "direction"), MaxItems = 2, UniqueItems = true },
            isOneText: true),
        [InputNames.Limit] = Parameter(
            InputNames.Limit,
            "The most `groups`. What is cut is summed in one last row, which has `\"other\":true`. Default: `100`.",
            Limit()),
        [InputNames.Compare] = Parameter(
            InputNames.Compare,
            "Adds `comparison`: with as many days, calendar months or hours directly before, or with the same dates a year earlier. Needs a lower bound. Where the range is not over, both are compared up to the same elapsed time.",
            OneOf("previous_period", "previous_year")),
        [InputNames.Include] = Parameter(
            InputNames.Include,
            "Adds blocks, separated by commas: `reconciliation` (what the outcomes and statuses leave out), `components` (what means are made of), both in every row too, and `meta` (what was asked, and of what state the answer is).",
            ListOf(OneOf("reconciliation", "components", "meta")),
            isOneText: true),
        [InputNames.Format] = Parameter(
            InputNames.Format,
            "The form of the answer; beats `Accept`. `csv` and `ndjson` are one table: the rows of `series`, else of `groups`, else the totals; both asked is a 400. Default: `json`.",
            OneOf([.. Formats])),
        [Stream + InputNames.Format] = Parameter(InputNames.Format, "The data of events are JSON. Default: `json`.", OneOf(Json)),
    };

    private static Dictionary<string, IOpenApiParameter> TaskParameters => new(StringComparer.Ordinal)
    {
        [InputNames.Outcome] = Parameter(InputNames.Outcome, "Only calls of this outcome.", OneOf([.. Schemas.OutcomeNames])),
        [InputNames.Status] = Parameter(
            InputNames.Status,
            "Only tasks of this status, such as `completed`; letter case and surrounding blanks do not matter.",
            Text(MaxWord)),
        [InputNames.ExecutionType] = Parameter(
            InputNames.ExecutionType,
            "Only tasks of this type, such as `call`; letter case and surrounding blanks do not matter.",
            Text(MaxWord)),
        [InputNames.RunId] = Parameter(InputNames.RunId, "Only tasks of this run, compared exactly.", Text(MaxId)),
        [Tasks + InputNames.Limit] = Parameter(InputNames.Limit, "The most tasks of a page. Default: `100`.", Limit()),
        [InputNames.Cursor] = Parameter(
            InputNames.Cursor,
            "Where the page begins: the `cursor` of the page before, with the parameters of that page. It keeps the range that the first page found.",
            Text()),
        [Tasks + InputNames.Include] = Parameter(
            InputNames.Include,
            "Adds `total`: how many tasks all pages have.",
            ListOf(OneOf("total")),
            isOneText: true),
        [Tasks + InputNames.Format] = Parameter(
            InputNames.Format,
            "The form of the answer; beats `Accept`. `csv` and `ndjson` are the whole list, without `limit`, `cursor` and `include`. Default: `json`.",
            OneOf([.. Formats])),
    };

    /// <summary>A parameter; of a list, each value is a parameter of its own, unless all of them are one text.</summary>
    private static OpenApiParameter Parameter(string name, string description, OpenApiSchema schema, string? example = null, bool isOneText = false) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = schema,
        Example = example,
        Style = ParameterStyle.Form,
        Explode = !isOneText,
    };

    private static OpenApiSchema OneOf(params string[] words) => new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => JsonValue.Create(word))] };

    private static OpenApiSchema Text(int? maxLength = null) => new() { Type = JsonSchemaType.String, MaxLength = maxLength };

    private static OpenApiSchema ListOf(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    private static OpenApiSchema Limit() => new() { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "1000" };

    private static OpenApiSchema DayOrInstant() => new()
    {
        AnyOf =
        [
            new OpenApiSchema { Title = "A local day", Type = JsonSchemaType.String, Format = "date", Description = "Such as `2026-11-01`." },
            new OpenApiSchema { Title = "An instant", Type = JsonSchemaType.String, Format = "date-time", Description = "Such as `2026-11-01T00:00:00+05:30`, on a 15-minute mark." },
        ],
    };
}
