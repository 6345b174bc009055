using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>The parts of a statement that matter for types and plans.</summary>
internal static class StatementParts
{
    // The pairs of expressions that it compares, adds or stores.
    public static IEnumerable<(ScalarExpression First, ScalarExpression Second)> GetOperandPairs(this TSqlScript script) =>
    [
        .. script.FindAll<BooleanComparisonExpression>().Select(comparison => (comparison.FirstExpression, comparison.SecondExpression)),
        .. script.FindAll<BinaryExpression>().Select(sum => (sum.FirstExpression, sum.SecondExpression)),
        .. script.FindAll<AssignmentSetClause>().Select(set => ((ScalarExpression)set.Column, set.NewValue)),
        .. script.FindAll<InsertSpecification>().SelectMany(
            insert => insert.GetRows().SelectMany(row => insert.Columns.Zip(row, (column, value) => ((ScalarExpression)column, value)))),
    ];

    // The tables of a join in their order, each with those of a derived table left out.
    public static IEnumerable<TableReference> GetJoined(this TableReference table) => table switch
    {
        JoinTableReference join => join.FirstTableReference.GetJoined().Concat(join.SecondTableReference.GetJoined()),
        _ => [table],
    };

    public static string GetName(this NamedTableReference table) => table.SchemaObject.BaseIdentifier.Value;

    // What an insert stores: the rows of VALUES, or the columns of a SELECT.
    public static IEnumerable<IList<ScalarExpression>> GetRows(this InsertSpecification insert) => insert.InsertSource switch
    {
        ValuesInsertSource values => values.RowValues.Select(row => row.ColumnValues),
        SelectInsertSource { Select: QuerySpecification query } =>
            [[.. query.SelectElements.Cast<SelectScalarExpression>().Select(element => element.Expression)]],
        _ => throw new NotSupportedException($"{insert.InsertSource.ToSql()} is no list of rows."),
    };
}
