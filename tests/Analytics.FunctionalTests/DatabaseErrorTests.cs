using System.Data.Common;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.SqlServer;
using Dapper;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Analytics.FunctionalTests;

/// <summary>503 only for errors that end without a new release; any other error of a database is a defect.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class DatabaseErrorTests(DatabaseEngine engine)
{
    private string RenameColumnSql => engine == DatabaseEngine.SqlServer
        ? "EXEC sp_rename 'task_totals.interested', 'gone', 'COLUMN'"
        : "ALTER TABLE task_totals RENAME COLUMN interested TO gone";

    [Test]
    public async Task Missing_column_returns_500_and_is_logged_once_with_its_stack()
    {
        using var log = new LogRecorder();
        await using var service = await Acme.StartServiceAsync(engine, services => services.AddSingleton<ILoggerProvider>(log));
        await service.ExecuteAsync(RenameColumnSql);

        var read = await service.SendAsync();
        var push = await service.PushAsync(PushRequest.Create([new NativeTask("second")]));

        Assert.That((read.Status, read.Message, read["Retry-After"]), Is.EqualTo((500, "Internal server error.", (string?)null)));
        Assert.That((push.Status, push.Message, push["Retry-After"]), Is.EqualTo((500, "Internal server error.", (string?)null)));
        Assert.That(log.Entries.Count(entry => entry.Level >= LogLevel.Error), Is.EqualTo(2));
        Assert.That(log.Exceptions.Select(exception => exception is DbException { StackTrace.Length: > 0 }), Is.EqualTo([true, true]));
    }

    [Test]
    public async Task Command_over_a_missing_column_does_not_advise_to_run_it_again()
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        await database.AddOrganisationAsync(1, 11);
        await using (var connection = await database.DataSource.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(RenameColumnSql);
        }

        var result = await new CommandLine(database.Settings).RunAsync(["verify"]);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.StandardError, Does.StartWith("The database failed: ").And.Not.Contain("run the command again"));
    }
}

internal sealed class TransientErrorTests
{
    [TestCase(3), TestCase(5), TestCase(6), TestCase(7), TestCase(8), TestCase(9), TestCase(10), TestCase(11), TestCase(13), TestCase(14)]
    [TestCase(15), TestCase(26)]
    public void Sqlite_error_of_the_file_or_of_a_lock_is_transient(int code) =>
        Assert.That(DatabaseErrors.IsTransient(new SqliteException("", code)));

    [TestCase(1), TestCase(12), TestCase(17), TestCase(18), TestCase(19), TestCase(20), TestCase(21), TestCase(25)]
    public void Sqlite_error_of_a_statement_is_not_transient(int code) =>
        Assert.That(!DatabaseErrors.IsTransient(new SqliteException("", code)));

    [TestCase("08006"), TestCase("25006"), TestCase("28P01"), TestCase("3D000"), TestCase("40001"), TestCase("40P01"), TestCase("53100")]
    [TestCase("53200")]
    [TestCase("53300"), TestCase("55P03"), TestCase("57014"), TestCase("57P01"), TestCase("57P03"), TestCase("58030"), TestCase("XX000")]
    public void Postgres_error_of_the_server_or_of_a_lock_is_transient(string state) =>
        Assert.That(DatabaseErrors.IsTransient(new PostgresException("", "ERROR", "ERROR", state)));

    [TestCase("0A000"), TestCase("22003"), TestCase("23505"), TestCase("23514"), TestCase("42501"), TestCase("42703"), TestCase("42P01")]
    public void Postgres_error_of_a_statement_is_not_transient(string state) =>
        Assert.That(!DatabaseErrors.IsTransient(new PostgresException("", "ERROR", "ERROR", state)));

    [TestCase(-2), TestCase(233), TestCase(952), TestCase(976), TestCase(1105), TestCase(1205), TestCase(3906), TestCase(4060),
        TestCase(9002), TestCase(10053)]
    [TestCase(10054)]
    [TestCase(10060), TestCase(10928), TestCase(10929), TestCase(11001), TestCase(18456), TestCase(40197), TestCase(40501)]
    [TestCase(40613), TestCase(49918)]
    public void SqlServer_error_of_the_server_or_of_a_lock_is_transient(int number) => Assert.That(SqlServerErrors.IsTransient(number));

    [TestCase(976), TestCase(978), TestCase(979), TestCase(983), TestCase(3906)]
    public void SqlServer_error_of_a_read_only_database_or_replica_needs_new_connections(int number) =>
        Assert.That(SqlServerErrors.IsReadOnly(number));

    [TestCase(1205), TestCase(4060), TestCase(10054)]
    public void Other_SqlServer_error_does_not_need_new_connections(int number) => Assert.That(!SqlServerErrors.IsReadOnly(number));

    [TestCase(0), TestCase(102), TestCase(207), TestCase(208), TestCase(229), TestCase(515), TestCase(547), TestCase(2601)]
    [TestCase(2627), TestCase(8115)]
    public void SqlServer_error_of_a_statement_is_not_transient(int number) => Assert.That(!SqlServerErrors.IsTransient(number));

    [TestCase(DatabaseEngine.Postgres), TestCase(DatabaseEngine.SqlServer)]
    public void Refused_connection_is_transient(DatabaseEngine engine)
    {
        using DbConnection connection = engine == DatabaseEngine.Postgres
            ? new NpgsqlConnection("Host=127.0.0.1;Port=1;Username=u")
            : new SqlConnection("Server=127.0.0.1,1;User ID=u;Password=p;Connect Retry Count=0");

        var error = Assert.Catch<DbException>(connection.Open)!;

        Assert.That(DatabaseErrors.IsTransient(error), $"{error}");
    }
}
