using System.Reflection;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Infrastructure.SqlServer;

namespace Analytics.SqlServer.Tests;

/// <summary>The search finds every statement: one that it misses is not checked.</summary>
internal sealed class SentStatementsTests
{
    private const BindingFlags AllStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.Assemblies))]
    public void Statements_are_found_in_every_assembly(Assembly assembly) =>
        Assert.That(SentStatements.FindStatements(assembly), Is.Not.Empty);

    [Test]
    public void Statement_of_the_analytics_totals_is_found() => Assert.That(FoundTexts, Does.Contain(GetAnalyticsSql.SelectTotals));

    [Test]
    public void Every_statement_of_a_batch_is_found() =>
        Assert.That(GetStringConstants([typeof(SqlServerStatements)]), Is.SubsetOf(FoundTexts).And.Not.Empty);

    [Test]
    public void Every_constant_whose_name_ends_in_Sql_is_found()
    {
        var types = SentStatements.Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => !SentStatements.BelongsToAnotherEngine(type.FullName ?? ""));

        Assert.That(GetStringConstants(types, name => name.EndsWith("Sql", StringComparison.Ordinal)),
            Is.SubsetOf(FoundTexts).And.Not.Empty);
    }

    private static List<string> FoundTexts => [.. SentStatements.All.Select(statement => statement.Sql)];

    private static List<string> GetStringConstants(IEnumerable<Type> types, Func<string, bool>? nameFilter = null) =>
        [.. types.SelectMany(type => type.GetFields(AllStatic))
            .Where(field => field.IsLiteral && field.FieldType == typeof(string))
            .Where(field => nameFilter?.Invoke(field.Name) != false)
            .Select(field => (string)field.GetRawConstantValue()!)];
}
