using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>SQL Server 2019 can read every statement, and each keeps to the rules of the house.</summary>
internal sealed class StatementTests
{
    /// <summary>To the parser a function that came later is a name like any other; all of these are in SQL Server 2019.</summary>
    private static readonly string[] Functions = ["CONCAT", "COUNT", "DB_ID", "LOWER", "MAX", "MIN", "REPLACE", "SUM", "TRIM"];

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void AStatementParses(SentStatement statement) => Assert.That(() => TSql.Parse(statement.Sql), Throws.Nothing);

    [TestCaseSource(typeof(Schema), nameof(Schema.Scripts))]
    public void AMigrationParses(Migration migration) => Assert.That(() => TSql.Parse(migration.Sql), Throws.Nothing);

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void AStatementIsOneStatement(SentStatement statement) => Assert.That(TSql.Parse(statement.Sql).Statements().Count(), Is.EqualTo(1));

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void AStatementDoesNotMerge(SentStatement statement) => Assert.That(TSql.Parse(statement.Sql).All<MergeSpecification>(), Is.Empty);

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void AStatementGivesNoHints(SentStatement statement)
    {
        var script = TSql.Parse(statement.Sql);

        Assert.That(script.All<TableHint>().Select(hint => hint.HintKind), Is.Empty);
        Assert.That(script.All<OptimizerHint>().Select(hint => hint.HintKind), Is.Empty);
    }

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void AStatementCallsOnlyFunctionsThatAreThere(SentStatement statement) =>
        Assert.That(TSql.Parse(statement.Sql).All<FunctionCall>().Select(call => call.FunctionName.Value).Distinct(), Is.SubsetOf(Functions));
}
