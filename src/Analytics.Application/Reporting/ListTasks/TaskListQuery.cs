using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Application.Rollups;

namespace Analytics.Application.Reporting.ListTasks;

/// <summary>The parsed parameters of a task list.</summary>
internal sealed record TaskListQuery
{
    // Most tasks end with this status, so that reading by time is faster than an index on it.
    private const string MostCommonStatus = "completed";

    public required TimeRange Window { get; init; }
    public required TaskFilter Filter { get; init; }

    /// <summary>Empty for tasks of any outcome.</summary>
    public required IReadOnlyList<Outcome> Outcomes { get; init; }

    /// <summary>Normalised, as the column that it is compared with.</summary>
    public required string? Status { get; init; }

    /// <summary>Normalised, as the column that it is compared with.</summary>
    public required string? ExecutionType { get; init; }

    /// <summary>Normalised, as the column that it is compared with; <c>''</c> selects tasks without a label.</summary>
    public required string? Label { get; init; }
    public required string? TaskId { get; init; }
    public required int Limit { get; init; }

    /// <summary>Null for the first page.</summary>
    public required KeysetPosition? After { get; init; }
    public required bool IncludeTotal { get; init; }

    /// <summary>A hash of the filters and the product. A cursor is valid only with the same one.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The index of the filter that is usually the most selective. Several agents are read by another one, or by time.</summary>
    public AccessPath Path => this switch
    {
        { TaskId: not null } => AccessPath.Task,
        { Filter.RunId: not null } => AccessPath.Run,
        { Filter.Agents: [_] } => AccessPath.Agent,
        { Label: { Length: > 0 } } => AccessPath.Label,
        { Outcomes: [_] } => AccessPath.Outcome,
        { Status: not (null or MostCommonStatus) } => AccessPath.Status,
        { Filter.SpaceToken: not null } => AccessPath.Space,
        _ => AccessPath.Time,
    };

    /// <summary>The number of tasks, from measures with the same window and filter; null if the rollups do not contain the count.</summary>
    public long? TryCountFromRollup(Measures totals) => this switch
    {
        { TaskId: not null } or { Label: not null } or { Status: not null } => null,
        _ when !TimeZoneExtensions.IsQuarterHourAligned(Window.From) => null,
        _ when !TimeZoneExtensions.IsQuarterHourAligned(Window.To) => null,
        { Outcomes.Count: > 0, ExecutionType: null or Domain.Tasks.ExecutionType.Call } => Outcomes.Sum(totals.CallCount),
        { Outcomes: [], ExecutionType: Domain.Tasks.ExecutionType.Call } => totals.TotalCalls,
        { Outcomes: [], ExecutionType: null } => totals.TotalTasks,
        _ => null,
    };

    public string CacheKey => JsonSerializer.Serialize(new object?[]
    {
        "tasks", Window.From?.UnixMilliseconds, Window.To?.UnixMilliseconds, Filter.SpaceToken, Filter.Agents, Filter.Direction,
        Filter.RunId, Outcomes, Status, ExecutionType, Label, TaskId, Limit, IncludeTotal, After?.CreatedAt, After?.TaskId,
    });

    /// <summary>An export has no pages: paging parameters are errors.</summary>
    public static ParseResult<TaskListQuery> Parse(RawQuery query, QuarterHour now, string product, bool isExport)
    {
        var reader = new QueryParameterReader(query);
        reader.RejectUnknown(QueryParameters.OfTaskList);
        var window = new RangeParser(reader, now, reader.ParseTimeZone()).Parse().Window;
        var fingerprint = ComputeFingerprint(query, reader, product);
        var cursor = ParseCursor(reader, fingerprint);
        window = cursor?.Window ?? window;
        var listQuery = new TaskListQuery
        {
            Window = window,
            Filter = reader.ParseFilter(),
            Outcomes = [.. reader.ParseEnums(QueryParameters.Outcome).Distinct().Order()],
            Status = Normalize(reader.ParseText(QueryParameters.Status)),
            ExecutionType = Normalize(reader.ParseText(QueryParameters.ExecutionType)),
            Label = reader.ParseTextOrNone(QueryParameters.Label) is { } label ? Domain.Tasks.Outcomes.NormalizeLabel(label) : null,
            TaskId = reader.ParseText(QueryParameters.TaskId),
            Limit = reader.ParseLimit(),
            After = cursor?.After,
            IncludeTotal = reader.ParseInclude(QueryParameters.TaskInclude).HasFlag(IncludeOptions.Total),
            Fingerprint = fingerprint,
        };
        reader.ParseEnum(QueryParameters.TaskFormat);
        RequestParameter[] paging = [QueryParameters.TaskLimit, QueryParameters.Cursor, QueryParameters.TaskInclude];
        foreach (var parameter in paging.Where(parameter => isExport && reader.GetSingle(parameter) is not null))
        {
            reader.AddError(parameter, "is for pages in JSON: csv and ndjson are the whole list.");
        }

        return reader.ToResult(listQuery);
    }

    private static Cursor? ParseCursor(QueryParameterReader reader, string fingerprint)
    {
        var cursor = reader.ParseCursor(Cursor.TryParse);
        if (cursor is null || cursor.Fingerprint == fingerprint)
        {
            return cursor;
        }

        reader.AddError(
            QueryParameters.Cursor, $"must come with the parameters and the {ParameterNames.ProductId} of the page that gave it.");
        return null;
    }

    private static string? Normalize(string? text) => text is null ? null : CaseInsensitive.Normalize(text);

    private static string ComputeFingerprint(RawQuery query, QueryParameterReader reader, string product)
    {
        // A list means the same repeated and separated by commas.
        var filters = QueryParameters.FiltersOfTaskList
            .Select(parameter => parameter.Kind == ParameterKind.CommaSeparatedList
                ? reader.GetList(parameter)
                : query[parameter.Name].ToArray())
            .Append([product]);
        return Base64Url.EncodeToString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(filters)).AsSpan(0, 12));
    }
}

/// <summary>The index that a task list is read from, each ordered by time.</summary>
public enum AccessPath
{
    Time,
    Task,
    Run,
    Agent,
    Label,
    Outcome,
    Status,
    Space,
}
