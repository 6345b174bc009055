using Analytics.Application.Rollups;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>SQL Server 2019 can parse every statement, and each follows our own rules.</summary>
internal sealed class StatementTests
{
    // The parser does not know which functions exist; all of these do in SQL Server 2019.
    private static readonly string[] SupportedFunctions =
        ["CONCAT", "COUNT", "COUNT_BIG", "DATABASEPROPERTYEX", "DB_ID", "DB_NAME", "LOWER", "MAX", "MIN", "REPLACE", "SUM", "TRIM"];

    // What is left after all rows were deleted in batches.
    private static readonly string[] LastAfterBatches =
        ["DELETE FROM tasks WHERE organisation_id = @OrganisationId", RollupDeletion.DeleteRemainingSql];

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Statement_parses(SentStatement statement) => Assert.That(() => TSql.Parse(statement.Sql), Throws.Nothing);

    [TestCaseSource(typeof(Schema), nameof(Schema.Scripts))]
    public void Migration_parses(Migration migration) => Assert.That(() => TSql.Parse(migration.Sql), Throws.Nothing);

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Sent_text_is_a_single_statement_after_declarations(SentStatement statement) =>
        Assert.That(TSql.Parse(statement.Sql).GetStatements().SkipWhile(part => part is DeclareVariableStatement).Count(), Is.EqualTo(1));

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Statement_does_not_use_MERGE(SentStatement statement) =>
        Assert.That(TSql.Parse(statement.Sql).FindAll<MergeSpecification>(), Is.Empty);

    // COUNT is an int.
    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Tasks_and_rollups_are_not_counted_as_int(SentStatement statement) =>
        Assert.That(
            TSql.Parse(statement.Sql).FindAll<QuerySpecification>()
                .Where(query => query.SelectElements.SelectMany(element => element.FindAll<FunctionCall>())
                    .Any(call => call.FunctionName.Value == "COUNT"))
                .SelectMany(query => query.FromClause.TableReferences.SelectMany(table => table.GetJoined()))
                .OfType<NamedTableReference>().Select(table => table.GetName()),
            Has.None.EqualTo("tasks").And.None.EqualTo("task_rollups"));

    // A transaction holds a lock for each row that it changes, and locks are not escalated.
    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Write_of_tasks_or_rollups_is_bounded(SentStatement statement)
    {
        var writes = TSql.Parse(statement.Sql).FindAll<UpdateDeleteSpecificationBase>()
            .Where(write => write.Target.ToSql() is "tasks" or "task_rollups" && write.TopRowFilter is null
                && !LastAfterBatches.Contains(statement.Sql));

        Assert.That(
            writes.Where(write => !write.WhereClause.FindAll<ColumnReferenceExpression>()
                .Exists(column => column.ToSql() is "task_id" or "starts_at")),
            Is.Empty);
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
