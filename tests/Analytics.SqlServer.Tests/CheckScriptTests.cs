using System.Runtime.CompilerServices;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>The committed script that checks a server.</summary>
internal sealed class CheckScriptTests
{
    private TSqlScript _script = null!;

    [SetUp]
    public async Task ParseAsync() =>
        _script = TSql.Parse(await File.ReadAllTextAsync(GetRepositoryPath("build/sqlserver-check.sql")));

    [Test]
    public void Script_changes_only_its_own_variables() =>
        Assert.That(
            _script.FindAll<DataModificationSpecification>().Select(write => write.Target),
            Is.Not.Empty.And.All.InstanceOf<VariableTableReference>());

    [Test]
    public void Script_throws_if_anything_is_wrong() =>
        Assert.That(_script.FindAll<IfStatement>().Single().ThenStatement.FindAll<ThrowStatement>(), Has.Count.EqualTo(1));

    [Test]
    public void Script_names_only_tables_of_the_schema()
    {
        var names = _script.FindAll<StringLiteral>().Select(literal => literal.Value)
            .Where(value => value.StartsWith("task", StringComparison.Ordinal)).Distinct();

        Assert.That(names, Is.Not.Empty.And.SubsetOf(Schema.Tables.Select(table => table.Key)));
    }

    private static string GetRepositoryPath(string path, [CallerFilePath] string callerFilePath = "") =>
        Path.Combine(Path.GetDirectoryName(callerFilePath)!, "../..", path);
}
