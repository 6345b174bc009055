using Analytics.Infrastructure.SqlServer;
using Microsoft.Data.SqlClient.Server;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>What is compared, added or stored is of one type: of that the model says nothing.</summary>
internal sealed class TypeTests
{
    private static readonly TableType[] SentTables = 
    [
        SqlServerTaskStore.TaskIds, SqlServerTaskStore.TaskRows, SqlServerTaskStore.TotalRows, SqlServerTaskStore.RollupRows,
        SqlServerRollupReader.RollupRanges, SqlServerRollupReader.AgentNames,
    ];

    private static readonly ILookup<string, ColumnDefinition> Columns = Schema.Tables.Concat(Schema.TableTypes)
        .SelectMany(columns => columns).ToLookup(column => column.ColumnIdentifier.Value, StringComparer.OrdinalIgnoreCase);

    private static readonly IEnumerable<SentStatement> Inserts = SentStatements.All.Where(statement => statement.Sql.Contains("INSERT", StringComparison.Ordinal));

    /// <summary>So that a column's name says its type, and a table that is sent fits the table that it is stored in.</summary>
    [Test]
    public void ColumnsOfOneNameAreOfOneType()
    {
        var torn = from column in Columns
                   let types = column.Select(FullType).Distinct().ToList()
                   where types.Count > 1
                   select $"{column.Key} is {string.Join(" and ", types)}";

        Assert.That(torn, Is.Empty);
    }

    /// <summary>A table is sent by position, whatever its columns are called.</summary>
    [TestCaseSource(nameof(SentTables))]
    public void ASentTableIsAsItsTypeSays(TableType sent) =>
        Assert.That(sent.Columns.Select(Described), Is.EqualTo(Schema.TableTypes[sent.Name].Select(column => $"{column.ColumnIdentifier.Value} {column.DataType.Text()}")));

    [TestCaseSource(typeof(SentStatements), nameof(SentStatements.All))]
    public void AStatementPutsTogetherWhatIsOfOneType(SentStatement statement)
    {
        var together = from pair in TSql.Parse(statement.Sql).PutTogether()
                       let types = (First: TypeOf(pair.First), Second: TypeOf(pair.Second))
                       where types.First is not null && types.Second is not null && types.First != types.Second
                       select $"{pair.First.Text()} is {types.First}, {pair.Second.Text()} is {types.Second}";

        Assert.That(together, Is.Empty);
    }

    [TestCaseSource(nameof(Inserts))]
    public void AnInsertFillsWhatItMust(SentStatement statement)
    {
        foreach (var insert in TSql.Parse(statement.Sql).All<InsertSpecification>())
        {
            var columns = insert.Columns.Select(column => column.MultiPartIdentifier.Text());
            var table = ((NamedTableReference)insert.Target).SchemaObject.BaseIdentifier.Value;

            Assert.That(insert.Rows().Select(row => row.Count), Is.All.EqualTo(insert.Columns.Count));
            Assert.That(Schema.Tables[table].Where(MustBeFilled).Select(column => column.ColumnIdentifier.Value), Is.SubsetOf(columns).And.Not.Empty);
        }
    }

    private static bool MustBeFilled(ColumnDefinition column) =>
        column.DefaultConstraint is null && column.IdentityOptions is null && column.Constraints.OfType<NullableConstraintDefinition>().Any(constraint => !constraint.Nullable);

    private static string FullType(ColumnDefinition column) => $"{column.DataType.Text()} {column.Collation?.Value}";

    private static string Described(SqlMetaData column) =>
        $"{column.Name} {column.TypeName}{(column.TypeName == "nvarchar" ? $"({column.MaxLength})" : "")}";

    /// <summary>Without its length; unknown where it is not a column's, a parameter's or that of something made of them.</summary>
    private static string? TypeOf(ScalarExpression expression) => expression switch
    {
        ColumnReferenceExpression column => Columns[column.MultiPartIdentifier.Identifiers[^1].Value].FirstOrDefault() is { } definition
            ? ((SqlDataTypeReference)definition.DataType).Name.BaseIdentifier.Value
            : null,
        VariableReference variable => Parameters.TypeOf(variable.Name).Split('(')[0],
        BinaryExpression sum => TypeOf(sum.FirstExpression),
        FunctionCall { Parameters: [var first, ..] } => TypeOf(first),
        _ => null,
    };
}
