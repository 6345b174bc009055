using System.Data.Common;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Data.SqlClient;
using Npgsql;

namespace Analytics.FunctionalTests.Support;

/// <summary>The two roles of a database, made by the committed scripts.</summary>
internal sealed partial class DatabaseRoles(DatabaseSettings database)
{
    private const string OwnerPassword = "Of-the-0wner-of-a-test";
    private const string ServicePassword = "Of-the-5ervice-of-a-test";

    private readonly string _name = database.Engine == DatabaseEngine.Postgres
        ? new NpgsqlConnectionStringBuilder(database.ConnectionString).Database!
        : new SqlConnectionStringBuilder(database.ConnectionString).InitialCatalog;

    public DatabaseSettings Owner => As($"{_name}_owner", OwnerPassword);

    public DatabaseSettings Service => As($"{_name}_service", ServicePassword);

    public static DbConnection Connect(DatabaseSettings settings) =>
        settings.Engine == DatabaseEngine.Postgres ? new NpgsqlConnection(settings.ConnectionString) : new SqlConnection(settings.ConnectionString);

    public Task CreateAsync() => database.Engine == DatabaseEngine.Postgres ? RunByPsqlAsync() : RunAsSqlcmdDoesAsync();

    /// <summary>Roles are the server's and outlive a database.</summary>
    public async Task DropAsync()
    {
        await using var server = Connect(database with { ConnectionString = Engines.Server(database.Engine) });
        foreach (var role in new[] { "owner", "service" })
        {
            await server.ExecuteAsync(database.Engine == DatabaseEngine.Postgres
                ? $"DROP ROLE IF EXISTS {_name}_{role}"
                : $"IF SUSER_ID('{_name}_{role}') IS NOT NULL DROP LOGIN {_name}_{role}");
        }
    }

    private DatabaseSettings As(string user, string password) => database with
    {
        ConnectionString = database.Engine == DatabaseEngine.Postgres
            ? new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = user, Password = password }.ConnectionString
            : new SqlConnectionStringBuilder(database.ConnectionString) { UserID = user, Password = password }.ConnectionString,
    };

    private async Task RunByPsqlAsync()
    {
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var start = new ProcessStartInfo("psql", ["--no-psqlrc", "--quiet", "--file", Script("postgres.sql")]) { UseShellExecute = false, RedirectStandardError = true };
        start.Environment["PGHOST"] = connection.Host;
        start.Environment["PGPORT"] = $"{connection.Port}";
        start.Environment["PGUSER"] = connection.Username;
        start.Environment["PGPASSWORD"] = connection.Password;
        start.Environment["PGDATABASE"] = _name;
        start.Environment["OWNER_PASSWORD"] = OwnerPassword;
        start.Environment["SERVICE_PASSWORD"] = ServicePassword;
        using var psql = Process.Start(start)!;
        var errors = await psql.StandardError.ReadToEndAsync();
        await psql.WaitForExitAsync();
        Assert.That(psql.ExitCode, Is.Zero, errors);
    }

    /// <summary>What sqlcmd does with this script: variables, and batches between lines of GO.</summary>
    private async Task RunAsSqlcmdDoesAsync()
    {
        var script = (await File.ReadAllTextAsync(Script("sqlserver.sql")))
            .Replace(":on error exit", "", StringComparison.Ordinal)
            .Replace("$(SQLCMDDBNAME)", _name, StringComparison.Ordinal)
            .Replace("$(OWNER_PASSWORD)", OwnerPassword, StringComparison.Ordinal)
            .Replace("$(SERVICE_PASSWORD)", ServicePassword, StringComparison.Ordinal);
        await using var connection = Connect(database);
        foreach (var batch in Go().Split(script).Where(batch => batch.Trim().Length > 0))
        {
            await connection.ExecuteAsync(batch);
        }
    }

    private static string Script(string name, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../build/roles", name));

    [GeneratedRegex(@"^GO\r?$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Go();
}
