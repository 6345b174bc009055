using System.Data.Common;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Data.SqlClient;
using Npgsql;

namespace Analytics.FunctionalTests.Support;

/// <summary>The two roles of a database, created by the committed scripts.</summary>
internal sealed partial class DatabaseRoles(DatabaseSettings database)
{
    private const string OwnerPassword = "Of-the-0wner-of-a-test";
    private const string ServicePassword = "Of-the-5ervice-of-a-test";

    private readonly string _name = database.Engine == DatabaseEngine.Postgres
        ? new NpgsqlConnectionStringBuilder(database.ConnectionString).Database!
        : new SqlConnectionStringBuilder(database.ConnectionString).InitialCatalog;

    public DatabaseSettings OwnerSettings => WithCredentials($"{_name}_owner", OwnerPassword);

    public DatabaseSettings ServiceSettings => WithCredentials($"{_name}_service", ServicePassword);

    public static DbConnection Connect(DatabaseSettings settings) =>
        settings.Engine == DatabaseEngine.Postgres ? new NpgsqlConnection(settings.ConnectionString)
            : new SqlConnection(settings.ConnectionString);

    public Task CreateAsync() => database.Engine == DatabaseEngine.Postgres ? RunWithPsqlAsync() : RunLikeSqlcmdAsync();

    // Roles belong to the server and outlive a database.
    public async Task DropAsync()
    {
        await using var server = Connect(database with { ConnectionString = TestEngines.GetServerConnectionString(database.Engine) });
        foreach (var role in new[] { "owner", "service" })
        {
            await server.ExecuteAsync(database.Engine == DatabaseEngine.Postgres
                ? $"DROP ROLE IF EXISTS {_name}_{role}"
                : $"IF SUSER_ID('{_name}_{role}') IS NOT NULL DROP LOGIN {_name}_{role}");
        }
    }

    private DatabaseSettings WithCredentials(string user, string password) => database with
    {
        ConnectionString = database.Engine == DatabaseEngine.Postgres
            ? new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = user, Password = password }.ConnectionString
            : new SqlConnectionStringBuilder(database.ConnectionString) { UserID = user, Password = password }.ConnectionString,
    };

    private async Task RunWithPsqlAsync()
    {
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var startInfo = new ProcessStartInfo("psql", ["--no-psqlrc", "--quiet", "--file", GetScriptPath("postgres.sql")]) {
            UseShellExecute = false, RedirectStandardError = true };
        startInfo.Environment["PGHOST"] = connection.Host;
        startInfo.Environment["PGPORT"] = $"{connection.Port}";
        startInfo.Environment["PGUSER"] = connection.Username;
        startInfo.Environment["PGPASSWORD"] = connection.Password;
        startInfo.Environment["PGDATABASE"] = _name;
        startInfo.Environment["OWNER_PASSWORD"] = OwnerPassword;
        startInfo.Environment["SERVICE_PASSWORD"] = ServicePassword;
        using var psql = Process.Start(startInfo)!;
        var errors = await psql.StandardError.ReadToEndAsync();
        await psql.WaitForExitAsync();
        Assert.That(psql.ExitCode, Is.Zero, errors);
    }

    // Does what sqlcmd does with this script: variables, and batches separated by GO.
    private async Task RunLikeSqlcmdAsync()
    {
        var script = (await File.ReadAllTextAsync(GetScriptPath("sqlserver.sql")))
            .Replace(":on error exit", "", StringComparison.Ordinal)
            .Replace("$(SQLCMDDBNAME)", _name, StringComparison.Ordinal)
            .Replace("$(OWNER_PASSWORD)", OwnerPassword, StringComparison.Ordinal)
            .Replace("$(SERVICE_PASSWORD)", ServicePassword, StringComparison.Ordinal);
        await using var connection = Connect(database);
        foreach (var batch in BatchSeparator().Split(script).Where(batch => batch.Trim().Length > 0))
        {
            await connection.ExecuteAsync(batch);
        }
    }

    private static string GetScriptPath(string name, [CallerFilePath] string callerFilePath = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(callerFilePath)!, "../../../build/roles", name));

    [GeneratedRegex(@"^GO\r?$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex BatchSeparator();
}
