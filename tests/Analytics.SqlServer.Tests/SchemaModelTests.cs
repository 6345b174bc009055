using Microsoft.SqlServer.Dac.Model;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>Every statement names only tables, columns and types that the schema has.</summary>
internal sealed class SchemaModelTests
{
    /// <summary>Left out is the one that asks a view of the system: no model of those can be had as a package.</summary>
    private static readonly IEnumerable<SentStatement> CheckedStatements = SentStatements.All.Where(statement => statement.Name != "SqlServerMigrations.SnapshotSql");

    private readonly TSqlModel _model = new(SqlServerVersion.Sql150, new TSqlModelOptions());

    private List<string> _schemaMessages = [];

    [OneTimeSetUp]
    public void BuildModel()
    {
        _model.AddObjects(string.Join("\nGO\n", [.. Schema.Statements.Select(statement => statement.ToSql()), .. CreateStandInTables()]));
        _schemaMessages = GetMessages();
    }

    [OneTimeTearDown]
    public void Dispose() => _model.Dispose();

    [Test]
    public void Schema_is_valid() => Assert.That(_schemaMessages, Is.Empty);

    [TestCaseSource(nameof(CheckedStatements))]
    public void Statement_matches_the_schema(SentStatement statement)
    {
        _model.AddOrUpdateObjects(ToProcedure(statement), "the statement in hand", new TSqlObjectOptions());

        Assert.That(GetMessages().Except(_schemaMessages, StringComparer.Ordinal), Is.Empty);
    }

    /// <summary>Warnings too: a table that is not there is only that.</summary>
    private List<string> GetMessages() => [.. _model.Validate().Select(message => message.Message)];

    private static string ToProcedure(SentStatement statement)
    {
        var script = TSql.Parse(statement.Sql);
        var parameters = script.FindAll<VariableReference>().Select(variable => variable.Name).Distinct().Select(ParameterTypes.Declare);
        foreach (var table in script.FindAll<VariableTableReference>())
        {
            table.ScriptTokenStream[table.Variable.FirstTokenIndex].Text = GetStandInName(ParameterTypes.GetTableType(table.Variable.Name));
        }

        return $"CREATE PROCEDURE statement_in_hand {string.Join(", ", parameters)} AS {script.ToSql()}";
    }

    /// <summary>The model does not look into parameters that are tables: a table of the same columns stands in for each type of them.</summary>
    private static IEnumerable<string> CreateStandInTables() =>
        Schema.Statements.OfType<CreateTypeTableStatement>().Select(type => $"CREATE TABLE {GetStandInName(type.Name.BaseIdentifier.Value)} ({type.Definition.ToSql()})");

    private static string GetStandInName(string tableType) => $"[given {tableType}]";
}
