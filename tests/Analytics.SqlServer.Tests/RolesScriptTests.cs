using System.Runtime.CompilerServices;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>What the committed script lets each of the two roles do.</summary>
internal sealed class RolesScriptTests
{
    [TestCase("owner", new[] { "CREATE TABLE", "CREATE TYPE", "CONTROL" })]
    [TestCase("service", new[] { "SELECT", "INSERT", "UPDATE", "DELETE", "EXECUTE" })]
    public async Task ARoleMayDoThisAndNothingMore(string role, string[] permissions)
    {
        // The line is sqlcmd's own.
        var script = TSql.Parse((await File.ReadAllTextAsync(InCheckout("build/roles/sqlserver.sql"))).Replace(":on error exit", "", StringComparison.Ordinal));
        var grants = script.All<GrantStatement>().Where(grant => grant.Principals.Any(principal => principal.Identifier.Value.EndsWith($"_{role}", StringComparison.Ordinal)));

        Assert.That(
            grants.SelectMany(grant => grant.Permissions).Select(permission => string.Join(' ', permission.Identifiers.Select(word => word.Value))),
            Is.EqualTo(permissions));
        Assert.That(script.All<AlterRoleStatement>(), Is.Empty);
    }

    private static string InCheckout(string path, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../..", path);
}
