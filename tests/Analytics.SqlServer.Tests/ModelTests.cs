using Microsoft.SqlServer.Dac.Model;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>Every statement names only tables, columns and types that the schema has.</summary>
internal sealed class ModelTests
{
    /// <summary>Left out is the one that asks a view of the system: no model of those can be had as a package.</summary>
    private static readonly IEnumerable<SentStatement> Checked = SentStatements.All.Where(statement => statement.Name != "SqlServerMigrations.SnapshotSql");

    private readonly TSqlModel _model = new(SqlServerVersion.Sql150, new TSqlModelOptions());

    private List<string> _aboutTheSchema = [];

    [OneTimeSetUp]
    public void AddTheSchema()
    {
        _model.AddObjects(string.Join("\nGO\n", [.. Schema.Statements.Select(statement => statement.Text()), .. StandIns()]));
        _aboutTheSchema = Messages();
    }

    [OneTimeTearDown]
    public void Dispose() => _model.Dispose();

    [Test]
    public void TheSchemaIsWhole() => Assert.That(_aboutTheSchema, Is.Empty);

    [TestCaseSource(nameof(Checked))]
    public void AStatementFitsTheSchema(SentStatement statement)
    {
        _model.AddOrUpdateObjects(Procedure(statement), "the statement in hand", new TSqlObjectOptions());

        Assert.That(Messages().Except(_aboutTheSchema, StringComparer.Ordinal), Is.Empty);
    }

    /// <summary>Warnings too: a table that is not there is only that.</summary>
    private List<string> Messages() => [.. _model.Validate().Select(message => message.Message)];

    private static string Procedure(SentStatement statement)
    {
        var script = TSql.Parse(statement.Sql);
        var parameters = script.All<VariableReference>().Select(variable => variable.Name).Distinct().Select(Parameters.Declaration);
        foreach (var table in script.All<VariableTableReference>())
        {
            table.ScriptTokenStream[table.Variable.FirstTokenIndex].Text = StandIn(Parameters.TableTypeOf(table.Variable.Name));
        }

        return $"CREATE PROCEDURE statement_in_hand {string.Join(", ", parameters)} AS {script.Text()}";
    }

    /// <summary>The model does not look into parameters that are tables: a table of the same columns stands in for each type of them.</summary>
    private static IEnumerable<string> StandIns() =>
        Schema.Statements.OfType<CreateTypeTableStatement>().Select(type => $"CREATE TABLE {StandIn(type.Name.BaseIdentifier.Value)} ({type.Definition.Text()})");

    private static string StandIn(string tableType) => $"[given {tableType}]";
}
