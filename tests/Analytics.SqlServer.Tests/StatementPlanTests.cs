using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>
/// A plan is compiled for the parameters of the first execution and reused for all organisations and batches, so that a statement decides
/// its index and its joins itself.
/// </summary>
internal sealed class StatementPlanTests
{
    private static readonly TableHintKind[] AccessHints = [TableHintKind.Index, TableHintKind.ForceSeek];

    private static readonly OptimizerHintKind[] JoinHints = [OptimizerHintKind.LoopJoin, OptimizerHintKind.ForceOrder];

    // The version's row queues writers, and a query reads a snapshot: a locking hint would change what waits for what.
    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Statement_uses_no_hints_but_those_of_its_access_path(SentStatement statement)
    {
        var script = TSql.Parse(statement.Sql);

        Assert.That(script.FindAll<TableHint>().Select(hint => hint.HintKind).Distinct(), Is.SubsetOf(AccessHints));
        Assert.That(script.FindAll<OptimizerHint>().Select(hint => hint.HintKind),
            Is.SubsetOf(JoinHints.Append(OptimizerHintKind.Fast)));
    }

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Named_index_belongs_to_its_table(SentStatement statement) =>
        Assert.That(
            from table in TSql.Parse(statement.Sql).FindAll<NamedTableReference>()
            from index in table.TableHints.OfType<IndexTableHint>().SelectMany(hint => hint.IndexValues)
            where !Schema.Indexes[table.GetName()].Contains(index.Identifier.Value)
            select $"{index.Identifier.Value} of {table.GetName()}",
            Is.Empty);

    // SQL Server has no plan with a filtered index if the statement does not tell that it reads nothing else.
    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Statement_repeats_the_filter_of_an_index_that_it_names(SentStatement statement)
    {
        var script = TSql.Parse(statement.Sql);
        var filters = script.FindAll<IndexTableHint>().SelectMany(hint => hint.IndexValues)
            .Select(index => Schema.IndexFilters.GetValueOrDefault(index.Identifier.Value)).OfType<string>();

        Assert.That(filters, Is.SubsetOf(script.FindAll<BooleanExpression>().Select(WithoutAlias)));
    }

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Query_of_tasks_names_an_index_to_seek_in(SentStatement statement)
    {
        var queries = TSql.Parse(statement.Sql).GetStatements().OfType<SelectStatement>();

        Assert.That(queries.SelectMany(query => query.FindAll<NamedTableReference>()).Where(table => table.GetName() == "tasks")
            .Where(table => !CountsAll(statement) && !NamesIndex(table)), Is.Empty);
    }

    // Other statements read the rollups of one key.
    [TestCaseSource(nameof(StatementsWithTable))]
    public void Query_of_rollups_of_a_table_parameter_names_an_index_to_seek_in(SentStatement statement)
    {
        var queries = TSql.Parse(statement.Sql).GetStatements().OfType<SelectStatement>();

        Assert.That(queries.SelectMany(query => query.FindAll<NamedTableReference>()).Where(table => table.GetName() == "task_rollups")
            .Where(table => !NamesIndex(table)), Is.Empty);
    }

    // SQL Server rejects FORCESEEK on the target of a write.
    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Write_names_no_index(SentStatement statement) =>
        Assert.That(TSql.Parse(statement.Sql).FindAll<DataModificationStatement>().SelectMany(write => write.FindAll<TableHint>()), Is.Empty);

    [TestCaseSource(nameof(StatementsWithTable))]
    public void Table_parameter_is_joined_first_and_by_loops(SentStatement statement)
    {
        var script = TSql.Parse(statement.Sql);
        var joins = script.FindAll<FromClause>().SelectMany(from => from.TableReferences)
            .Select(table => table.GetJoined().ToList()).Where(tables => tables.Exists(table => table is VariableTableReference));

        Assert.That(joins.Select(tables => tables[0]), Is.All.InstanceOf<VariableTableReference>());
        Assert.That(script.FindAll<OptimizerHint>().Select(hint => hint.HintKind), Is.EqualTo(JoinHints));
    }

    // Those that read a table-valued parameter and a table.
    private static IEnumerable<SentStatement> StatementsWithTable() =>
        from statement in SentStatements.All
        let script = TSql.Parse(statement.Sql)
        let tables = script.FindAll<NamedTableReference>().Except(
            script.FindAll<InsertSpecification>().Select(insert => insert.Target).OfType<NamedTableReference>())
        where script.FindAll<VariableTableReference>().Count > 0 && tables.Any()
        select statement;

    private static string WithoutAlias(BooleanExpression condition) =>
        condition.ToSql().Replace("t.", "", StringComparison.Ordinal).Replace("r.", "", StringComparison.Ordinal);

    private static bool NamesIndex(NamedTableReference table) =>
        AccessHints.All(kind => table.TableHints.Any(hint => hint.HintKind == kind));

    // "organisations erase" counts every task of an organisation.
    private static bool CountsAll(SentStatement statement) => statement.Name == "EraseOrganisation.CountSql";
}
