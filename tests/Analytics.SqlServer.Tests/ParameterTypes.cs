using Analytics.Infrastructure.SqlServer;

namespace Analytics.SqlServer.Tests;

/// <summary>The type of each parameter: Dapper sends a long as bigint, and a string as nvarchar(4000).</summary>
internal static class ParameterTypes
{
    private const string BigInt = "bigint";
    private const string NVarChar = "nvarchar(4000)";
    private const string Int = "int";
    private const string Bit = "bit";

    private static readonly Dictionary<string, string> Scalars = new(StringComparer.Ordinal)
    {
        ["@Active"] = NVarChar,
        ["@After"] = NVarChar,
        ["@Agent"] = NVarChar,
        ["@AgentBegins"] = NVarChar,
        ["@AgentEnds"] = NVarChar,
        ["@Agents"] = NVarChar,
        ["@AnyAgent"] = Bit,
        ["@AnyDirection"] = Bit,
        ["@AnyRun"] = Bit,
        ["@Archived"] = NVarChar,
        ["@Before"] = BigInt,
        ["@ByAgent"] = Bit,
        ["@ByDirection"] = Bit,
        ["@ByMember"] = Bit,
        ["@BySpace"] = Bit,
        ["@Contact"] = NVarChar,
        ["@ContentType"] = NVarChar,
        ["@CreatedAt"] = BigInt,
        ["@Days"] = Int,
        ["@Direction"] = NVarChar,
        ["@AllSpaces"] = BigInt,
        ["@End"] = BigInt,
        ["@ExecutionType"] = NVarChar,
        ["@From"] = BigInt,
        ["@Granularity"] = Int,
        ["@Handle"] = NVarChar,
        ["@Id"] = BigInt,
        ["@Label"] = NVarChar,
        ["@Last"] = NVarChar,
        ["@Limit"] = BigInt,
        ["@BatchSize"] = BigInt,
        ["@MaxExamined"] = BigInt,
        ["@MaxRows"] = BigInt,
        ["@MaxTimes"] = BigInt,
        ["@Name"] = NVarChar,
        ["@NormalizedContentType"] = NVarChar,
        ["@NormalizedStatus"] = NVarChar,
        ["@Now"] = BigInt,
        ["@OrganisationId"] = BigInt,
        ["@OnlyTaskId"] = NVarChar,
        ["@Outcome"] = NVarChar,
        ["@Outcomes"] = NVarChar,
        ["@ProductId"] = NVarChar,
        ["@Role"] = NVarChar,
        ["@RunId"] = NVarChar,
        ["@Skipped"] = BigInt,
        ["@Slug"] = NVarChar,
        ["@SpaceId"] = BigInt,
        ["@SpaceToken"] = NVarChar,
        ["@Stamp"] = NVarChar,
        ["@Start"] = BigInt,
        ["@Status"] = NVarChar,
        ["@TaskId"] = NVarChar,
        ["@Token"] = NVarChar,
        ["@UserId"] = NVarChar,
    };

    private static readonly Dictionary<string, string> Tables = new(StringComparer.Ordinal)
    {
        ["@Added"] = SqlServerTaskStore.TotalRows.Name,
        ["@AddedRollups"] = SqlServerTaskStore.RollupRows.Name,
        ["@AgentNames"] = SqlServerRollupReader.AgentNames.Name,
        ["@Extra"] = SqlServerRollupReader.ExtraRows.Name,
        ["@Labels"] = SqlServerRollupReader.LabelNames.Name,
        ["@Ranges"] = SqlServerRollupReader.RollupRanges.Name,
        ["@SpaceIds"] = SqlServerRollupReader.SpaceIds.Name,
        ["@TaskIds"] = SqlServerTaskStore.TaskIds.Name,
        ["@Tasks"] = SqlServerTaskStore.TaskRows.Name,
    };

    // The type of a scalar parameter.
    public static string GetScalarType(string parameter) => Scalars[parameter];

    // The type of a table-valued parameter.
    public static string GetTableType(string parameter) => Tables[parameter];

    // The parameter as a procedure declares it.
    public static string Declare(string parameter) =>
        Tables.TryGetValue(parameter, out var table) ? $"{parameter} {table} READONLY"
        : Scalars.TryGetValue(parameter, out var type) ? $"{parameter} {type}"
        : throw new ArgumentException($"{parameter} has no type here.", nameof(parameter));
}
