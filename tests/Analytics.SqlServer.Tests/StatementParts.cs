using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>What a statement is made of, as far as types matter.</summary>
internal static class StatementParts
{
    /// <summary>What it compares with, adds to or stores in what.</summary>
    public static IEnumerable<(ScalarExpression First, ScalarExpression Second)> GetOperandPairs(this TSqlScript script) =>
    [
        .. script.FindAll<BooleanComparisonExpression>().Select(comparison => (comparison.FirstExpression, comparison.SecondExpression)),
        .. script.FindAll<BinaryExpression>().Select(sum => (sum.FirstExpression, sum.SecondExpression)),
        .. script.FindAll<AssignmentSetClause>().Select(set => ((ScalarExpression)set.Column, set.NewValue)),
        .. script.FindAll<InsertSpecification>().SelectMany(insert => insert.GetRows().SelectMany(row => insert.Columns.Zip(row, (column, value) => ((ScalarExpression)column, value)))),
    ];

    /// <summary>What an insert stores: the rows that it lists, or the one that it selects.</summary>
    public static IEnumerable<IList<ScalarExpression>> GetRows(this InsertSpecification insert) => insert.InsertSource switch
    {
        ValuesInsertSource values => values.RowValues.Select(row => row.ColumnValues),
        SelectInsertSource { Select: QuerySpecification query } => [[.. query.SelectElements.Cast<SelectScalarExpression>().Select(element => element.Expression)]],
        _ => throw new NotSupportedException($"{insert.InsertSource.ToSql()} is no list of rows."),
    };
}
