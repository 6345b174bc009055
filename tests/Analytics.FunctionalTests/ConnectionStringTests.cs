using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Postgres;
using Analytics.Infrastructure.SqlServer;

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

    [TestCase("Connect Timeout=0;Command Timeout=0", 2, 3), TestCase("Connection Timeout=7;Command Timeout=8", 7, 8)]
    public void Timeouts_of_0_leave_the_defaults_on_SqlServer(string timeouts, int connect, int command)
    {
        var settings = SqlServerDatabase.ForReading(new DatabaseSettings(DatabaseEngine.SqlServer, $"Server=s;{timeouts}"));
        Assert.That((settings.ConnectTimeout, settings.CommandTimeout), Is.EqualTo((connect, command)));
        var writing = SqlServerDatabase.ForWriting(new DatabaseSettings(DatabaseEngine.SqlServer, "Server=s;Timeout=0"));
        Assert.That(writing.ConnectTimeout, Is.EqualTo(30));
    }
}
