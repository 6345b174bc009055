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

/// <summary>A list of tasks with everything decided: what is left is to read it.</summary>
internal sealed record TaskListQuery
{
    /// <summary>That of most tasks in the end: by their time they are found sooner than by an index of their own.</summary>
    private const string MostCommonStatus = "completed";

    private const int MaxRunIdLength = 128;
    private const int MaxStringLength = 100;

    private static readonly string[] FilterParameters =
    [
        ParameterNames.DateRange, ParameterNames.StartDate, ParameterNames.EndDate, ParameterNames.Timezone, ParameterNames.SpaceToken, ParameterNames.Agent,
        ParameterNames.Direction, ParameterNames.Outcome, ParameterNames.Status, ParameterNames.ExecutionType, ParameterNames.RunId,
    ];

    private static readonly (string, Outcome)[] OutcomeOptions = [.. Enum.GetValues<Outcome>().Select(outcome => (Outcomes.Name(outcome), outcome))];

    private static readonly string[] KnownParameters = [.. FilterParameters, ParameterNames.Limit, ParameterNames.Cursor, ParameterNames.Include, ParameterNames.Format];

    /// <summary>The time that is asked about.</summary>
    public required TimeRange Window { get; init; }

    /// <summary>The filters that every question has.</summary>
    public required TaskFilter Filter { get; init; }

    /// <summary>The outcome.</summary>
    public required Outcome? Outcome { get; init; }

    /// <summary>The status, as statuses are compared.</summary>
    public required string? Status { get; init; }

    /// <summary>The type, as types are compared.</summary>
    public required string? ExecutionType { get; init; }

    /// <summary>The run.</summary>
    public required string? RunId { get; init; }

    /// <summary>The most tasks of a page.</summary>
    public required int Limit { get; init; }

    /// <summary>Where the page begins.</summary>
    public required KeysetPosition After { get; init; }

    /// <summary>Whether to count the whole list.</summary>
    public required bool IncludeTotal { get; init; }

    /// <summary>The fingerprint of what the list was asked by, which binds its cursors to it.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The index that reads the least, as a rule: runs are small, and there are few statuses and fewer spaces.</summary>
    public AccessPath Path => this switch
    {
        { RunId: not null } => AccessPath.Run,
        { Filter.Agents: [_] } => AccessPath.Agent,
        { Outcome: not null } => AccessPath.Outcome,
        { Status: not (null or MostCommonStatus) } => AccessPath.Status,
        { Filter.SpaceToken: not null } => AccessPath.Space,
        _ => AccessPath.Time,
    };

    /// <summary>How many tasks the list has, by the numbers of its time and filters; absent where those do not tell.</summary>
    public long? TryCountFromRollup(Measures totals) => this switch
    {
        { RunId: not null } or { Status: not null } => null,
        _ when !TimeZoneExtensions.IsQuarterHourAligned(Window.From) || !TimeZoneExtensions.IsQuarterHourAligned(Window.To) => null,
        { Outcome: { } outcome, ExecutionType: null or Domain.Tasks.ExecutionType.Call } => totals.CallCount(outcome),
        { Outcome: null, ExecutionType: Domain.Tasks.ExecutionType.Call } => totals.TotalCalls,
        { Outcome: null, ExecutionType: null } => totals.TotalTasks,
        _ => null,
    };

    /// <summary>What is asked, in one text.</summary>
    public string CacheKey => JsonSerializer.Serialize(new object?[]
    {
        "tasks", Window.From?.UnixMilliseconds, Window.To?.UnixMilliseconds, Filter.SpaceToken, Filter.Agents, Filter.Direction,
        Outcome, Status, ExecutionType, RunId, Limit, IncludeTotal, After.CreatedAt, After.TaskId,
    });

    /// <summary>The list of a page, or all the problems of the parameters.</summary>
    public static ParseResult<TaskListQuery> ForPage(RawQuery query, QuarterHour now, string product) => Parse(query, now, product, isExport: false);

    /// <summary>The list of an export, likewise: one that has all of it has no pages.</summary>
    public static ParseResult<TaskListQuery> ForExport(RawQuery query, QuarterHour now, string product) => Parse(query, now, product, isExport: true);

    /// <summary>The cursor of the page after a task.</summary>
    public Cursor CreateCursor(KeysetPosition last) => new(Window, Fingerprint, last);

    /// <summary>The version that a row names, or why there is none.</summary>
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
            RunId = ParseText(reader, ParameterNames.RunId, MaxRunIdLength),
            Limit = reader.ParseLimit(),
            After = cursor?.After ?? KeysetPosition.StartOf(window),
            IncludeTotal = reader.ParseInclude(IncludeOptions.Total).HasFlag(IncludeOptions.Total),
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

    /// <summary>Only ASCII in lower case, as most engines' LOWER under a collation by code point.</summary>
    private static string? ParseLowercase(QueryParameterReader reader, string name) => ParseText(reader, name, MaxStringLength) is { } text
        ? string.Concat(text.Trim(' ').Select(character => char.IsAsciiLetterUpper(character) ? char.ToLowerInvariant(character) : character))
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
        var canonicalParameters = JsonSerializer.SerializeToUtf8Bytes(FilterParameters.Select(name => query[name].ToArray()).Append([product]));
        return Base64Url.EncodeToString(SHA256.HashData(canonicalParameters).AsSpan(0, 12));
    }
}
