using Analytics.Infrastructure.SqlServer;
using Microsoft.Data.SqlClient.Server;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>Operands of comparisons, additions and assignments have the same type, which the model does not check.</summary>
internal sealed class StatementTypeTests
{
    private static readonly TableType[] TableParameters = 
    [
        SqlServerTaskStore.TaskIds, SqlServerTaskStore.TaskRows, SqlServerTaskStore.TotalRows, SqlServerTaskStore.RollupRows,
        SqlServerRollupReader.RollupRanges, SqlServerRollupReader.AgentNames,
        SqlServerRollupReader.ExtraRows, SqlServerRollupReader.SpaceIds, SqlServerRollupReader.LabelNames,
    ];

    private static readonly ILookup<string, ColumnDefinition> Columns = Schema.Tables.Concat(Schema.TableTypes)
        .SelectMany(columns => columns).ToLookup(column => column.ColumnIdentifier.Value, StringComparer.OrdinalIgnoreCase);

    private static readonly IEnumerable<SentStatement> Inserts =
        SentStatements.All.Where(statement => statement.Sql.Contains("INSERT", StringComparison.Ordinal));

    // So that a column's name implies its type, and a table-valued parameter fits its table.
    [Test]
    public void Columns_of_the_same_name_have_the_same_type()
    {
        var conflicts = from column in Columns
                   let types = column.Select(FormatType).Distinct().ToList()
                   where types.Count > 1
                   select $"{column.Key} is {string.Join(" and ", types)}";

        Assert.That(conflicts, Is.Empty);
    }

    // A table-valued parameter is sent by position, whatever its columns are called.
    [TestCaseSource(nameof(TableParameters))]
    public void Table_parameter_matches_its_table_type(TableType parameter) =>
        Assert.That(parameter.Columns.Select(FormatColumn),
            Is.EqualTo(Schema.TableTypes[parameter.Name].Select(column => $"{column.ColumnIdentifier.Value} {column.DataType.ToSql()}")));

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void Operands_have_the_same_type(SentStatement statement)
    {
        var mismatches = from pair in TSql.Parse(statement.Sql).GetOperandPairs()
                       let types = (First: GetExpressionType(pair.First), Second: GetExpressionType(pair.Second))
                       where types.First is not null && types.Second is not null && types.First != types.Second
                       select $"{pair.First.ToSql()} is {types.First}, {pair.Second.ToSql()} is {types.Second}";

        Assert.That(mismatches, Is.Empty);
    }

    [TestCaseSource(nameof(Inserts))]
    public void Insert_sets_every_required_column(SentStatement statement)
    {
        foreach (var insert in TSql.Parse(statement.Sql).FindAll<InsertSpecification>())
        {
            var columns = insert.Columns.Select(column => column.MultiPartIdentifier.ToSql());
            var table = ((NamedTableReference)insert.Target).SchemaObject.BaseIdentifier.Value;

            Assert.That(insert.GetRows().Select(row => row.Count), Is.All.EqualTo(insert.Columns.Count));
            Assert.That(Schema.Tables[table].Where(IsRequired).Select(column => column.ColumnIdentifier.Value),
                Is.SubsetOf(columns).And.Not.Empty);
        }
    }

    private static bool IsRequired(ColumnDefinition column) =>
        column.DefaultConstraint is null && column.IdentityOptions is null
            && column.Constraints.OfType<NullableConstraintDefinition>().Any(constraint => !constraint.Nullable);

    private static string FormatType(ColumnDefinition column) => $"{column.DataType.ToSql()} {column.Collation?.Value}";

    private static string FormatColumn(SqlMetaData column) =>
        $"{column.Name} {column.TypeName}{(column.TypeName == "nvarchar" ? $"({column.MaxLength})" : "")}";

    // Without its length; null unless it is that of a column, a parameter or an expression of them.
    private static string? GetExpressionType(ScalarExpression expression) => expression switch
    {
        ColumnReferenceExpression column => Columns[column.MultiPartIdentifier.Identifiers[^1].Value].FirstOrDefault() is { } definition
            ? ((SqlDataTypeReference)definition.DataType).Name.BaseIdentifier.Value
            : null,
        VariableReference variable => ParameterTypes.GetScalarType(variable.Name).Split('(')[0],
        BinaryExpression sum => GetExpressionType(sum.FirstExpression),
        FunctionCall { Parameters: [var first, ..] } => GetExpressionType(first),
        _ => null,
    };
}
