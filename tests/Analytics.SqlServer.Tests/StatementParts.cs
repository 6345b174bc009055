using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>The parts of a statement that matter for types.</summary>
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

    // What an insert stores: the rows of VALUES, or the columns of a SELECT.
    public static IEnumerable<IList<ScalarExpression>> GetRows(this InsertSpecification insert) => insert.InsertSource switch
    {
        ValuesInsertSource values => values.RowValues.Select(row => row.ColumnValues),
        SelectInsertSource { Select: QuerySpecification query } =>
            [[.. query.SelectElements.Cast<SelectScalarExpression>().Select(element => element.Expression)]],
        _ => throw new NotSupportedException($"{insert.InsertSource.ToSql()} is no list of rows."),
    };
}
