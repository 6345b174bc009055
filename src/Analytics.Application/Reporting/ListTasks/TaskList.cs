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
internal sealed record TaskList
{
    /// <summary>That of most tasks in the end: by their time they are found sooner than by an index of their own.</summary>
    private const string MostCommonStatus = "completed";

    private const int MaxId = 128;
    private const int MaxWord = 100;

    private static readonly string[] OfFilters =
    [
        ParameterNames.DateRange, ParameterNames.StartDate, ParameterNames.EndDate, ParameterNames.Timezone, ParameterNames.SpaceToken, ParameterNames.Agent,
        ParameterNames.Direction, ParameterNames.Outcome, ParameterNames.Status, ParameterNames.ExecutionType, ParameterNames.RunId,
    ];

    private static readonly (string, Outcome)[] AllOutcomes = [.. Enum.GetValues<Outcome>().Select(outcome => (Outcomes.Name(outcome), outcome))];

    private static readonly string[] Known = [.. OfFilters, ParameterNames.Limit, ParameterNames.Cursor, ParameterNames.Include, ParameterNames.Format];

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
    public required Position After { get; init; }

    /// <summary>Whether to count the whole list.</summary>
    public required bool HasTotal { get; init; }

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
    public long? CountIn(Measures numbers) => this switch
    {
        { RunId: not null } or { Status: not null } => null,
        _ when !LocalTime.IsOnMark(Window.From) || !LocalTime.IsOnMark(Window.To) => null,
        { Outcome: { } outcome, ExecutionType: null or Domain.Tasks.ExecutionType.Call } => numbers.CallsOf(outcome),
        { Outcome: null, ExecutionType: Domain.Tasks.ExecutionType.Call } => numbers.TotalCalls,
        { Outcome: null, ExecutionType: null } => numbers.TotalTasks,
        _ => null,
    };

    /// <summary>What is asked, in one text.</summary>
    public string Question => JsonSerializer.Serialize(new object?[]
    {
        "tasks", Window.From?.UnixMilliseconds, Window.To?.UnixMilliseconds, Filter.SpaceToken, Filter.Agents, Filter.Direction,
        Outcome, Status, ExecutionType, RunId, Limit, HasTotal, After.CreatedAt, After.TaskId,
    });

    /// <summary>The list of a page, or all the problems of the parameters.</summary>
    public static Planned<TaskList> OfPage(RawQuery inputs, Slot now, string product) => Plan(inputs, now, product, isWhole: false);

    /// <summary>The list of an export, likewise: one that has all of it has no pages.</summary>
    public static Planned<TaskList> OfExport(RawQuery inputs, Slot now, string product) => Plan(inputs, now, product, isWhole: true);

    /// <summary>The cursor of the page after a task.</summary>
    public Cursor CursorAfter(Position last) => new(Window, Fingerprint, last);

    /// <summary>The version that a row names, or why there is none.</summary>
    public OrganisationVersion VersionSeenBy(ListedTaskRow? first) => first switch
    {
        null => throw new OrganisationNotFoundException(),
        { Spaces: 0 } when Filter.SpaceToken is not null => throw new SpaceNotFoundException(),
        _ => first.Version,
    };

    private static Planned<TaskList> Plan(RawQuery inputs, Slot now, string product, bool isWhole)
    {
        var reader = new InputReader(inputs, now);
        reader.RefuseUnknown(Known);
        var window = reader.ReadRange(reader.ReadZone()).Window;
        var fingerprint = FingerprintOf(inputs, product);
        var cursor = ReadCursor(reader, fingerprint);
        window = cursor?.Window ?? window;
        var list = new TaskList
        {
            Window = window,
            Filter = reader.ReadFilter(),
            Outcome = reader.ReadWord(ParameterNames.Outcome, AllOutcomes),
            Status = ReadWord(reader, ParameterNames.Status),
            ExecutionType = ReadWord(reader, ParameterNames.ExecutionType),
            RunId = ReadText(reader, ParameterNames.RunId, MaxId),
            Limit = reader.ReadLimit(),
            After = cursor?.After ?? Position.BeginningOf(window),
            HasTotal = reader.ReadBlocks(Blocks.Total).HasFlag(Blocks.Total),
            Fingerprint = fingerprint,
        };
        reader.ReadFormat();
        if (isWhole)
        {
            RefusePaging(reader);
        }

        return new(reader.Problems.Count == 0 ? list : null, reader.Problems);
    }

    private static void RefusePaging(InputReader reader)
    {
        foreach (var name in new[] { ParameterNames.Limit, ParameterNames.Cursor, ParameterNames.Include })
        {
            if (reader.ReadOne(name) is not null)
            {
                reader.Refuse(name, $"{name} is for pages in JSON: csv and ndjson are the whole list.");
            }
        }
    }

    private static Cursor? ReadCursor(InputReader reader, string fingerprint)
    {
        if (reader.ReadOne(ParameterNames.Cursor) is not { } text)
        {
            return null;
        }

        var cursor = Cursor.Of(text);
        if (cursor?.Filters == fingerprint)
        {
            return cursor;
        }

        reader.Refuse(ParameterNames.Cursor, cursor is null
            ? $"{ParameterNames.Cursor} must be one that a page gave."
            : $"{ParameterNames.Cursor} must come with the parameters and the {ParameterNames.ProductId} of the page that gave it.");
        return null;
    }

    /// <summary>Only ASCII in lower case, as most engines' LOWER under a collation by code point.</summary>
    private static string? ReadWord(InputReader reader, string name) => ReadText(reader, name, MaxWord) is { } word
        ? string.Concat(word.Trim(' ').Select(character => char.IsAsciiLetterUpper(character) ? char.ToLowerInvariant(character) : character))
        : null;

    private static string? ReadText(InputReader reader, string name, int maxLength)
    {
        var text = reader.ReadOne(name);
        if (text is null || (text.Length <= maxLength && Text.IsStorable(text)))
        {
            return text;
        }

        reader.Refuse(name, $"{name} must be 1-{maxLength} characters without control characters.");
        return null;
    }

    private static string FingerprintOf(RawQuery inputs, string product)
    {
        var asked = JsonSerializer.SerializeToUtf8Bytes(OfFilters.Select(name => inputs[name].ToArray()).Append([product]));
        return Base64Url.EncodeToString(SHA256.HashData(asked).AsSpan(0, 12));
    }
}
