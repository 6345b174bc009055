using System.Reflection;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Infrastructure.SqlServer;

namespace Analytics.SqlServer.Tests;

/// <summary>What is not found is not checked.</summary>
internal sealed class SentStatementsTests
{
    private const BindingFlags Everywhere = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.Senders))]
    public void Every_assembly_that_sends_statements_has_some(Assembly sender) =>
        Assert.That(SentStatements.StatementsOf(sender), Is.Not.Empty);

    [Test]
    public void TheRequestsQuestionIsFound() => Assert.That(Found, Does.Contain(GetAnalyticsSql.SelectTotals));

    [Test]
    public void EveryStatementOfABatchIsFound() => Assert.That(Constants([typeof(SqlServerStatements)]), Is.SubsetOf(Found).And.Not.Empty);

    [Test]
    public void EveryConstantThatIsNamedSqlIsFound()
    {
        var types = SentStatements.Senders.SelectMany(assembly => assembly.GetTypes()).Where(type => !SentStatements.IsAnotherEngines(type.Namespace ?? ""));

        Assert.That(Constants(types, name => name.EndsWith("Sql", StringComparison.Ordinal)), Is.SubsetOf(Found).And.Not.Empty);
    }

    private static List<string> Found => [.. SentStatements.All.Select(statement => statement.Sql)];

    private static List<string> Constants(IEnumerable<Type> types, Func<string, bool>? named = null) =>
        [.. types.SelectMany(type => type.GetFields(Everywhere)).Where(field => field.IsLiteral && named?.Invoke(field.Name) != false).Select(field => (string)field.GetRawConstantValue()!)];
}
