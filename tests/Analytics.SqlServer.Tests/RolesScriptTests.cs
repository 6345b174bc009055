using System.Runtime.CompilerServices;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>What the committed script permits each of the two roles.</summary>
internal sealed class RolesScriptTests
{
    [TestCase("owner", new[] { "CREATE TABLE", "CREATE TYPE", "CONTROL" })]
    [TestCase("service", new[] { "SELECT", "INSERT", "UPDATE", "DELETE", "EXECUTE" })]
    public async Task Role_is_granted_exactly_the_expected_permissions(string role, string[] permissions)
    {
        // A command of sqlcmd, not T-SQL.
        var script = TSql.Parse((await File.ReadAllTextAsync(GetRepositoryPath("build/roles/sqlserver.sql"))).Replace(
            ":on error exit", "", StringComparison.Ordinal));
        var grants = script.FindAll<GrantStatement>()
            .Where(grant => grant.Principals.Any(principal => principal.Identifier.Value.EndsWith($"_{role}", StringComparison.Ordinal)));

        Assert.That(
            grants.SelectMany(grant => grant.Permissions)
                .Select(permission => string.Join(' ', permission.Identifiers.Select(identifier => identifier.Value))),
            Is.EqualTo(permissions));
        Assert.That(script.FindAll<AlterRoleStatement>(), Is.Empty);
    }

    private static string GetRepositoryPath(string path, [CallerFilePath] string callerFilePath = "") =>
        Path.Combine(Path.GetDirectoryName(callerFilePath)!, "../..", path);
}
