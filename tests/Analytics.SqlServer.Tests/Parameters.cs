using Analytics.Infrastructure.SqlServer;

namespace Analytics.SqlServer.Tests;

/// <summary>The type with which each parameter is sent: Dapper sends a long as bigint, and a string as nvarchar(4000).</summary>
internal static class Parameters
{
    private const string Number = "bigint";
    private const string Text = "nvarchar(4000)";
    private const string Whole = "int";
    private const string Flag = "bit";

    private static readonly Dictionary<string, string> Scalars = new(StringComparer.Ordinal)
    {
        ["@Active"] = Text,
        ["@After"] = Text,
        ["@Agent"] = Text,
        ["@AgentBegins"] = Text,
        ["@AgentEnds"] = Text,
        ["@Agents"] = Text,
        ["@AnyAgent"] = Flag,
        ["@AnyDirection"] = Flag,
        ["@Archived"] = Text,
        ["@Before"] = Number,
        ["@ByAgent"] = Flag,
        ["@CoarsestTogether"] = Whole,
        ["@Contact"] = Text,
        ["@ContentType"] = Text,
        ["@CreatedAt"] = Number,
        ["@Day"] = Number,
        ["@Direction"] = Text,
        ["@AllSpaces"] = Number,
        ["@ExecutionType"] = Text,
        ["@From"] = Number,
        ["@Handle"] = Text,
        ["@Id"] = Number,
        ["@Last"] = Text,
        ["@Limit"] = Number,
        ["@BatchSize"] = Number,
        ["@Name"] = Text,
        ["@Now"] = Number,
        ["@OrganisationId"] = Number,
        ["@Outcome"] = Text,
        ["@ProductId"] = Text,
        ["@Role"] = Text,
        ["@RunId"] = Text,
        ["@SpaceToken"] = Text,
        ["@Stamp"] = Text,
        ["@Status"] = Text,
        ["@TaskId"] = Text,
        ["@Token"] = Text,
        ["@UserId"] = Text,
    };

    private static readonly Dictionary<string, string> Tables = new(StringComparer.Ordinal)
    {
        ["@Added"] = SqlServerTaskStore.TotalRows.Name,
        ["@AddedRollups"] = SqlServerTaskStore.RollupRows.Name,
        ["@AgentNames"] = SqlServerRollupReader.AgentNames.Name,
        ["@Ranges"] = SqlServerRollupReader.RollupRanges.Name,
        ["@TaskIds"] = SqlServerTaskStore.TaskIds.Name,
        ["@Tasks"] = SqlServerTaskStore.TaskRows.Name,
    };

    /// <summary>The type of one that is a single value.</summary>
    public static string TypeOf(string parameter) => Scalars[parameter];

    /// <summary>The type of one that is a table.</summary>
    public static string TableTypeOf(string parameter) => Tables[parameter];

    /// <summary>The parameter as a procedure declares it.</summary>
    public static string Declaration(string parameter) =>
        Tables.TryGetValue(parameter, out var table) ? $"{parameter} {table} READONLY"
        : Scalars.TryGetValue(parameter, out var type) ? $"{parameter} {type}"
        : throw new ArgumentException($"{parameter} has no type here.", nameof(parameter));
}
