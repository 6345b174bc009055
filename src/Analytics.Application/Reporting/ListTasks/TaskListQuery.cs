using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Application.Rollups;
using Analytics.Domain;
using Analytics.Domain.Metrics;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Reporting.ListTasks;

/// <summary>The parsed parameters of a task list.</summary>
internal sealed record TaskListQuery
{
    // Most tasks end with this status, so that reading by time is faster than an index on it.
    private const string MostCommonStatus = "completed";


    private static readonly string[] FilterParameters =
    [
        ParameterNames.DateRange, ParameterNames.StartDate, ParameterNames.EndDate, ParameterNames.Timezone,
        ParameterNames.SpaceToken, ParameterNames.Agent, ParameterNames.Direction, ParameterNames.Outcome,
        ParameterNames.Status, ParameterNames.ExecutionType, ParameterNames.RunId,
    ];

    private static readonly string[] KnownParameters =
        [.. FilterParameters, ParameterNames.Limit, ParameterNames.Cursor, ParameterNames.Include, ParameterNames.Format];

    private static readonly (string, Outcome)[] OutcomeOptions =
        [.. Enum.GetValues<Outcome>().Select(outcome => (Outcomes.Name(outcome), outcome))];

    public required TimeRange Window { get; init; }

    public required TaskFilter Filter { get; init; }

    public required Outcome? Outcome { get; init; }

    /// <summary>Normalised like the stored column: trimmed, ASCII lower case.</summary>
    public required string? Status { get; init; }

    /// <summary>Normalised like the stored column: trimmed, ASCII lower case.</summary>
    public required string? ExecutionType { get; init; }

    public required string? RunId { get; init; }

    public required int Limit { get; init; }

    public required KeysetPosition After { get; init; }

    public required bool IncludeTotal { get; init; }

    /// <summary>A hash of the filters and the product. A cursor is valid only with the same one.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The index of the filter that is usually the most selective.</summary>
    public AccessPath Path => this switch
    {
        { RunId: not null } => AccessPath.Run,
        { Filter.Agents: [_] } => AccessPath.Agent,
        { Outcome: not null } => AccessPath.Outcome,
        { Status: not (null or MostCommonStatus) } => AccessPath.Status,
        { Filter.SpaceToken: not null } => AccessPath.Space,
        _ => AccessPath.Time,
    };

    /// <summary>The number of tasks, from measures with the same window and filter; null if the rollups cannot answer the query.</summary>
    public long? TryCountFromRollup(Measures totals) => this switch
    {
        { RunId: not null } or { Status: not null } => null,
        _ when !TimeZoneExtensions.IsQuarterHourAligned(Window.From) => null,
        _ when !TimeZoneExtensions.IsQuarterHourAligned(Window.To) => null,
        { Outcome: { } outcome, ExecutionType: null or Domain.Tasks.ExecutionType.Call } => totals.CallCount(outcome),
        { Outcome: null, ExecutionType: Domain.Tasks.ExecutionType.Call } => totals.TotalCalls,
        { Outcome: null, ExecutionType: null } => totals.TotalTasks,
        _ => null,
    };

    public string CacheKey => JsonSerializer.Serialize(new object?[]
    {
        "tasks", Window.From?.UnixMilliseconds, Window.To?.UnixMilliseconds, Filter.SpaceToken, Filter.Agents, Filter.Direction,
        Outcome, Status, ExecutionType, RunId, Limit, IncludeTotal, After.CreatedAt, After.TaskId,
    });

    public static ParseResult<TaskListQuery> ForPage(RawQuery query, QuarterHour now, string product) =>
        Parse(query, now, product, isExport: false);

    /// <summary>An export has no pages: paging parameters are errors.</summary>
    public static ParseResult<TaskListQuery> ForExport(RawQuery query, QuarterHour now, string product) =>
        Parse(query, now, product, isExport: true);

    public Cursor CreateCursor(KeysetPosition last) => new(Window, Fingerprint, last);

    public OrganisationVersion VersionOf(ListedTaskRow? firstRow) => firstRow switch
    {
        null => throw new OrganisationNotFoundException(),
        { Spaces: 0 } when Filter.SpaceToken is not null => throw new SpaceNotFoundException(),
        _ => firstRow.Version,
    };

    private static ParseResult<TaskListQuery> Parse(RawQuery query, QuarterHour now, string product, bool isExport)
    {
        var reader = new QueryParameterReader(query, now);
        reader.RejectUnknown(KnownParameters);
        var window = reader.ParseRange(reader.ParseTimeZone()).Window;
        var fingerprint = ComputeFingerprint(query, product);
        var cursor = ParseCursor(reader, fingerprint);
        window = cursor?.Window ?? window;
        var listQuery = new TaskListQuery
        {
            Window = window,
            Filter = reader.ParseFilter(),
            Outcome = reader.ParseEnum(ParameterNames.Outcome, OutcomeOptions),
            Status = ParseLowercase(reader, ParameterNames.Status),
            ExecutionType = ParseLowercase(reader, ParameterNames.ExecutionType),
            RunId = ParseText(reader, ParameterNames.RunId, ParameterValues.MaxIdLength),
            Limit = reader.ParseLimit(),
            After = cursor?.After ?? KeysetPosition.StartOf(window),
            IncludeTotal = reader.ParseInclude(ParameterValues.TaskListSections).HasFlag(IncludeOptions.Total),
            Fingerprint = fingerprint,
        };
        reader.ParseFormat();
        if (isExport)
        {
            RejectPaging(reader);
        }

        return new(reader.Errors.Count == 0 ? listQuery : null, reader.Errors);
    }

    private static void RejectPaging(QueryParameterReader reader)
    {
        foreach (var name in new[] { ParameterNames.Limit, ParameterNames.Cursor, ParameterNames.Include })
        {
            if (reader.GetSingle(name) is not null)
            {
                reader.AddError(name, $"{name} is for pages in JSON: csv and ndjson are the whole list.");
            }
        }
    }

    private static Cursor? ParseCursor(QueryParameterReader reader, string fingerprint)
    {
        if (reader.GetSingle(ParameterNames.Cursor) is not { } text)
        {
            return null;
        }

        var cursor = Cursor.TryParse(text);
        if (cursor?.Fingerprint == fingerprint)
        {
            return cursor;
        }

        reader.AddError(ParameterNames.Cursor, cursor is null
            ? $"{ParameterNames.Cursor} must be one that a page gave."
            : $"{ParameterNames.Cursor} must come with the parameters and the {ParameterNames.ProductId} of the page that gave it.");
        return null;
    }

    // Only ASCII, like LOWER under a binary collation in most engines.
    private static string? ParseLowercase(QueryParameterReader reader, string name) =>
        ParseText(reader, name, ParameterValues.MaxStringLength) is { } text
            ? string.Concat(text.Trim(' ').Select(letter => char.IsAsciiLetterUpper(letter) ? char.ToLowerInvariant(letter) : letter))
            : null;

    private static string? ParseText(QueryParameterReader reader, string name, int maxLength)
    {
        var text = reader.GetSingle(name);
        if (text is null || (text.Length <= maxLength && StringRules.IsStorable(text)))
        {
            return text;
        }

        reader.AddError(name, $"{name} must be 1-{maxLength} characters without control characters.");
        return null;
    }

    private static string ComputeFingerprint(RawQuery query, string product)
    {
        var filters = FilterParameters.Select(name => query[name].ToArray()).Append([product]);
        return Base64Url.EncodeToString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(filters)).AsSpan(0, 12));
    }
}
