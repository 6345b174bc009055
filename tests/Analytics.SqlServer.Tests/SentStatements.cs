using System.Reflection;
using System.Text.RegularExpressions;
using Analytics.Api.Health;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Application.Reporting.ListTasks;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using Analytics.Infrastructure.Migrations;
using Analytics.Infrastructure.SqlServer;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Analytics.SqlServer.Tests;

/// <summary>A statement that the code can send to SQL Server, and the name of its constant.</summary>
internal sealed record SentStatement(string Name, string Sql)
{
    public override string ToString() => Name;
}

/// <summary>
/// Every statement that the code can send to SQL Server: the string literals of its compiled methods that begin like one, and the
/// composed statements.
/// </summary>
internal static partial class SentStatements
{
    private static readonly string[] OtherEngines = ["Sqlite", "Postgres"];

    // Their literals are only parts of statements.
    private static readonly string?[] Composing =
    [
        typeof(ListTasksSql).FullName, typeof(TaskReader).FullName, typeof(OrganisationFactsSql).FullName,
        typeof(SqlServerRollupStatements).FullName,
    ];

    private static readonly SentStatement[] TaskStatements =
    [
        new("TaskReader.SelectNextProduct", TaskReader.SelectNextProduct(SqlDialect.TSql)),
        new("TaskReader.SelectLastBefore", TaskReader.SelectLastBefore(SqlDialect.TSql)),
        new("TaskReader.SelectCount", TaskReader.SelectCount(SqlDialect.TSql)),
        new("TaskReader.SelectTasks", TaskReader.SelectTasks(SqlDialect.TSql)),
        new("OrganisationFactsSql.Select", OrganisationFactsSql.Select(SqlDialect.TSql)),
    ];

    public static readonly Assembly[] Assemblies =
        [typeof(ITaskStore).Assembly, typeof(Migrator).Assembly, typeof(DatabaseReadiness).Assembly];

    public static readonly IReadOnlyList<SentStatement> All =
        [.. Assemblies.SelectMany(FindStatements).Concat(TaskStatements).Concat(ListTaskListStatements()).Concat(ListRollupStatements())
            .Distinct()];

    // The other engines' statements are in their own dialects. Statements outside their folders are sent to every engine.
    public static bool BelongsToAnotherEngine(string fullName) =>
        OtherEngines.Any(engine => fullName.StartsWith($"Analytics.Infrastructure.{engine}", StringComparison.Ordinal)
            || fullName.StartsWith($"Analytics.Infrastructure.Migrations.{engine}", StringComparison.Ordinal));

    public static List<SentStatement> FindStatements(Assembly assembly)
    {
        using var definition = AssemblyDefinition.ReadAssembly(assembly.Location);

        // Asynchronous methods and lambdas are nested types, which GetTypes includes.
        var types = definition.MainModule.GetTypes().Where(type => !BelongsToAnotherEngine(GetOutermostType(type).FullName)
            && !Composing.Contains(type.FullName)).ToList();
        var constants = types.SelectMany(type => type.Fields).Where(field => field.Constant is string)
            .ToLookup(field => (string)field.Constant, field => $"{field.DeclaringType.Name}.{field.Name}", StringComparer.Ordinal);

        return
        [
            .. from method in types.SelectMany(type => type.Methods)
               where method.HasBody
               from instruction in method.Body.Instructions
               where instruction.OpCode == OpCodes.Ldstr
               let text = (string)instruction.Operand
               where StatementStart().IsMatch(text) && !UsesLimit(text)
               from name in constants[text].DefaultIfEmpty($"{GetOutermostType(method.DeclaringType).Name}: {text}")
               select new SentStatement(name, text),
        ];
    }

    private static IEnumerable<SentStatement> ListRollupStatements() =>
        from index in Enum.GetValues<RollupIndex>()
        from statement in new[]
        {
            ("Sum", SqlServerRollupStatements.Sum(index)),
            ("Count", SqlServerRollupStatements.Count(index)),
            ("Group", SqlServerRollupStatements.Group(index, isCompared: false)),
            ("Group compared", SqlServerRollupStatements.Group(index, isCompared: true)),
            ("ReadSpellings", SqlServerRollupStatements.ReadSpellings),
        }
        select new SentStatement($"{nameof(SqlServerRollupStatements)}.{statement.Item1} by {index}", statement.Item2);

    private static IEnumerable<SentStatement> ListTaskListStatements() =>
        from path in Enum.GetValues<AccessPath>()
        from statement in Enum.GetValues<KeyRange>().SelectMany(range => new[]
            {
                ($"SelectPage of {range}", ListTasksSql.SelectPage(path, range, SqlDialect.TSql)),
                ($"SelectKeys of {range}", ListTasksSql.SelectKeys(path, range, SqlDialect.TSql)),
            })
            .Append(("CountMatching", ListTasksSql.CountMatching(path, SqlDialect.TSql)))
            .Append(("CountSameTime", ListTasksSql.CountSameTime(path, SqlDialect.TSql)))
            .Append(("SelectExport", ListTasksSql.SelectExport(path, SqlDialect.TSql)))
        select new SentStatement($"{nameof(ListTasksSql)}.{statement.Item1} by {path}", statement.Item2);

    // SQLite and PostgreSQL share the statements with LIMIT, which SQL Server does not know.
    private static bool UsesLimit(string sql) => sql.Contains("LIMIT ", StringComparison.Ordinal);

    private static TypeDefinition GetOutermostType(TypeDefinition type) => type.DeclaringType is { } outer ? GetOutermostType(outer) : type;

    // In capitals, as all SQL here: messages and documentation begin with such words too.
    [GeneratedRegex(@"^\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|SET|IF|DECLARE|BEGIN|EXEC|EXECUTE|CREATE|ALTER|DROP|TRUNCATE)\s",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex StatementStart();
}
