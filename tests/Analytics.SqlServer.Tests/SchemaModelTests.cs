using Microsoft.SqlServer.Dac.Model;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>Every statement names only tables, columns and types of the schema.</summary>
internal sealed class SchemaModelTests
{
    // Statements that query a system view are excluded: no package has a model of those.
    private static readonly List<SentStatement> CheckedStatements =
        [.. SentStatements.All.Where(statement => !statement.Sql.Contains("sys.databases", StringComparison.Ordinal))];

    private readonly TSqlModel _model = new(SqlServerVersion.Sql150, new TSqlModelOptions());

    private List<string> _schemaMessages = [];
    private List<string> _statementMessages = [];

    // Validating one statement is as slow as validating all of them.
    [OneTimeSetUp]
    public void ValidateSchemaAndStatements()
    {
        _model.AddObjects(string.Join(
            "\nGO\n", [.. Schema.Statements.Where(IsDefinition).Select(statement => statement.ToSql()), .. CreateStandInTables()]));
        _schemaMessages = Validate();
        foreach (var statement in CheckedStatements)
        {
            _model.AddObjects(ToProcedure(statement));
        }

        _statementMessages = [.. Validate().Except(_schemaMessages, StringComparer.Ordinal)];
    }

    [OneTimeTearDown]
    public void Dispose() => _model.Dispose();

    [Test]
    public void Schema_is_valid() => Assert.That(_schemaMessages, Is.Empty);

    [TestCaseSource(nameof(CheckedStatements))]
    public void Statement_matches_the_schema(SentStatement statement) =>
        Assert.That(_statementMessages.Where(message => IsAbout(message, statement)), Is.Empty);

    [Test]
    public void Every_message_is_about_a_statement() =>
        Assert.That(_statementMessages.Where(message => !CheckedStatements.Exists(statement => IsAbout(message, statement))), Is.Empty);

    // A model has no rows and no variables; the baseline inserts one row, and uses variables to deny a right.
    private static bool IsDefinition(TSqlStatement statement) =>
        statement is not (InsertStatement or DeclareVariableStatement or IfStatement);

    private static bool IsAbout(string message, SentStatement statement) =>
        message.Contains($"[{ProcedureOf(statement)}]", StringComparison.Ordinal);

    private static string ProcedureOf(SentStatement statement) => $"statement_{CheckedStatements.IndexOf(statement)}";

    // Warnings too: a missing table is only a warning.
    private List<string> Validate() => [.. _model.Validate().Select(message => message.Message)];

    private static string ToProcedure(SentStatement statement)
    {
        var script = TSql.Parse(statement.Sql);
        var parameters = script.FindAll<VariableReference>().Select(variable => variable.Name)
            .Except(script.FindAll<DeclareVariableElement>().Select(variable => variable.VariableName.Value), StringComparer.Ordinal)
            .Select(ParameterTypes.Declare);
        foreach (var table in script.FindAll<VariableTableReference>())
        {
            table.ScriptTokenStream[table.Variable.FirstTokenIndex].Text = GetStandInName(ParameterTypes.GetTableType(table.Variable.Name));
        }

        return $"CREATE PROCEDURE {ProcedureOf(statement)} {string.Join(", ", parameters)} AS {script.ToSql()}";
    }

    // The model does not validate table-valued parameters: a table of the same columns replaces each table type.
    private static IEnumerable<string> CreateStandInTables() =>
        Schema.Statements.OfType<CreateTypeTableStatement>()
            .Select(type => $"CREATE TABLE {GetStandInName(type.Name.BaseIdentifier.Value)} ({type.Definition.ToSql()})");

    private static string GetStandInName(string tableType) => $"[given {tableType}]";
}
