using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Postgres;
using Analytics.Infrastructure.SqlServer;
using Npgsql;

namespace Analytics.FunctionalTests;

/// <summary>What the service makes of the timeouts in a connection string to a server.</summary>
internal sealed class ConnectionStringTests
{
    [TestCase("Timeout=0;Command Timeout=0;Cancellation Timeout=0", 2, 3, 500)]
    [TestCase("Timeout=7;Command Timeout=8;Cancellation Timeout=9", 7, 8, 9)]
    public void Timeouts_of_0_leave_the_defaults_on_Postgres(string timeouts, int connect, int command, int cancellation)
    {
        var settings = PostgresDatabase.ForReading(new DatabaseSettings(DatabaseEngine.Postgres, $"Host=h;{timeouts}"));
        Assert.That((settings.Timeout, settings.CommandTimeout, settings.CancellationTimeout),
            Is.EqualTo((connect, command, cancellation)));
    }

    [Test]
    public void Timeouts_of_0_leave_the_defaults_of_writes_on_Postgres()
    {
        var settings = PostgresDatabase.ForWriting(new DatabaseSettings(DatabaseEngine.Postgres, "Host=h;Timeout=0;CommandTimeout=0"));
        Assert.That((settings.Timeout, settings.CommandTimeout), Is.EqualTo((30, 30)));
    }

    [TestCase("", 2), TestCase("Host Recheck Seconds=1", 1), TestCase("Host Recheck Seconds=60", 2),
        TestCase("Target Session Attributes=any", 2)]
    public void Several_hosts_of_Postgres_are_asked_for_the_primary(string options, int recheckSeconds)
    {
        var database = new DatabaseSettings(DatabaseEngine.Postgres, $"Host=a:5433,b;{options}");
        var (reading, writing, migrating) =
            (PostgresDatabase.ForReading(database), PostgresDatabase.ForWriting(database), PostgresDatabase.ForMigrating(database));

        Assert.That((reading.TargetSessionAttributes, writing.TargetSessionAttributes, migrating.TargetSessionAttributes),
            Is.EqualTo(("primary", "read-write", "primary")));
        Assert.That((reading.HostRecheckSeconds, writing.HostRecheckSeconds), Is.EqualTo((recheckSeconds, recheckSeconds)));
        Assert.That((writing.Timeout, writing.SslMode), Is.EqualTo((2, SslMode.VerifyFull)), "Not the time that a write may queue");
    }

    [TestCase("Host=a"), TestCase("Host=a;Target Session Attributes=read-write")]
    public void One_host_of_Postgres_is_used_as_it_is(string connectionString)
    {
        var settings = PostgresDatabase.ForWriting(new DatabaseSettings(DatabaseEngine.Postgres, connectionString));
        Assert.That((settings.TargetSessionAttributes, settings.Timeout), Is.EqualTo(((string?)null, 30)));
    }

    [TestCase("Host=/run/a,/run/b", SslMode.Disable), TestCase("Host=/run/a,b", SslMode.VerifyFull),
        TestCase("Host=/run/a", SslMode.Disable)]
    public void Only_Unix_sockets_are_not_encrypted(string connectionString, SslMode mode) =>
        Assert.That(
            PostgresDatabase.ForReading(new DatabaseSettings(DatabaseEngine.Postgres, connectionString)).SslMode, Is.EqualTo(mode));

    [TestCase("Connect Timeout=0;Command Timeout=0", 2, 3), TestCase("Connection Timeout=7;Command Timeout=8", 7, 8)]
    public void Timeouts_of_0_leave_the_defaults_on_SqlServer(string timeouts, int connect, int command)
    {
        var settings = SqlServerDatabase.ForReading(new DatabaseSettings(DatabaseEngine.SqlServer, $"Server=s;{timeouts}"));
        Assert.That((settings.ConnectTimeout, settings.CommandTimeout), Is.EqualTo((connect, command)));
        var writing = SqlServerDatabase.ForWriting(new DatabaseSettings(DatabaseEngine.SqlServer, "Server=s;Timeout=0"));
        Assert.That(writing.ConnectTimeout, Is.EqualTo(30));
    }
}
