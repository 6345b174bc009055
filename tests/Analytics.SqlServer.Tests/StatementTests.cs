using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>SQL Server 2019 can parse every statement, and each follows our own rules.</summary>
internal sealed class StatementTests
{
    // The parser does not know which functions exist; all of these do in SQL Server 2019.
    private static readonly string[] SupportedFunctions =
        ["CONCAT", "COUNT", "DATABASEPROPERTYEX", "DB_ID", "DB_NAME", "LOWER", "MAX", "MIN", "REPLACE", "SUM", "TRIM"];

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Statement_parses(SentStatement statement) => Assert.That(() => TSql.Parse(statement.Sql), Throws.Nothing);

    [TestCaseSource(typeof(Schema), nameof(Schema.Scripts))]
    public void Migration_parses(Migration migration) => Assert.That(() => TSql.Parse(migration.Sql), Throws.Nothing);

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Sent_text_is_a_single_statement(SentStatement statement) =>
        Assert.That(TSql.Parse(statement.Sql).GetStatements().Count(), Is.EqualTo(1));

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Statement_does_not_use_MERGE(SentStatement statement) =>
        Assert.That(TSql.Parse(statement.Sql).FindAll<MergeSpecification>(), Is.Empty);

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Statement_uses_no_hints(SentStatement statement)
    {
        var script = TSql.Parse(statement.Sql);

        Assert.That(script.FindAll<TableHint>().Select(hint => hint.HintKind), Is.Empty);
        Assert.That(script.FindAll<OptimizerHint>().Select(hint => hint.HintKind), Is.Empty);
    }

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Statement_calls_only_supported_functions(SentStatement statement) =>
        Assert.That(TSql.Parse(statement.Sql).FindAll<FunctionCall>().Select(call => call.FunctionName.Value).Distinct(),
            Is.SubsetOf(SupportedFunctions));

    // Citus routes a statement by this parameter. For a subquery it does not derive the organisation from a column of the outer query.
    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Subquery_of_an_organisations_table_compares_organisation_id_with_the_parameter(SentStatement statement)
    {
        var script = TSql.Parse(statement.Sql);
        var subqueries = script.FindAll<ScalarSubquery>().Select(query => query.ToSql())
            .Concat(script.FindAll<QueryDerivedTable>().Select(query => query.ToSql()));

        Assert.That(subqueries.Where(ReadsOrganisationsTable), Is.All.Contains("organisation_id = @OrganisationId"));
    }

    private static bool ReadsOrganisationsTable(string sql) =>
        Schema.Tables.Where(table => table.Any(column => column.ColumnIdentifier.Value == "organisation_id"))
            .Any(table => sql.Contains($"FROM {table.Key}", StringComparison.Ordinal)
                || sql.Contains($"JOIN {table.Key}", StringComparison.Ordinal));
}
