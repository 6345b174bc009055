using System.Net;
using System.Security.Authentication;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Postgres;
using Analytics.Infrastructure.SqlServer;
using Dapper;
using Microsoft.Data.SqlClient;
using Npgsql;

namespace Analytics.FunctionalTests;

/// <summary>
/// Connections to servers are encrypted, and the server's certificate is verified, unless the operator configures otherwise.
/// </summary>
internal sealed class EncryptionTests
{
    [TestCase("Host=db.example.com;Database=analytics", SslMode.VerifyFull)]
    [TestCase("Host=127.0.0.1;Database=analytics", SslMode.VerifyFull)]
    [TestCase("Host=db.example.com;Database=analytics;SSL Mode=Disable", SslMode.Disable)]
    [TestCase("Host=db.example.com;Database=analytics;SslMode=Require", SslMode.Require)]
    [TestCase("Host=/var/run/postgresql;Database=analytics", SslMode.Disable, Description = "a socket does not leave the machine")]
    public void Postgres_connections_verify_the_certificate_unless_configured_otherwise(string connectionString, SslMode mode)
    {
        var database = new DatabaseSettings(DatabaseEngine.Postgres, connectionString);

        Assert.That(new[] { PostgresDatabase.ForReading(database).SslMode, PostgresDatabase.ForWriting(database).SslMode },
            Is.All.EqualTo(mode));
    }

    [TestCase("Server=db.example.com;Database=analytics", true, false)]
    [TestCase("Server=db.example.com;Database=analytics;Encrypt=Optional", false, false)]
    [TestCase("Server=db.example.com;Database=analytics;TrustServerCertificate=True", true, true)]
    public void SqlServer_connections_verify_the_certificate_unless_configured_otherwise(
        string connectionString, bool isEncrypted, bool isTrusted)
    {
        var database = new DatabaseSettings(DatabaseEngine.SqlServer, connectionString);
        foreach (var settings in new[] { SqlServerDatabase.ForReading(database), SqlServerDatabase.ForWriting(database) })
        {
            Assert.That((settings.Encrypt.Equals(SqlConnectionEncryptOption.Mandatory), settings.TrustServerCertificate),
                Is.EqualTo((isEncrypted, isTrusted)));
        }
    }

    [Test]
    public async Task Postgres_with_trusted_certificate_is_connected_over_TLS()
    {
        await using var server = await PostgresServer.CreateAsync();
        var certificate = await server.EnableTlsAsync(IPAddress.Loopback);

        Assert.That(await IsEncryptedAsync(server, $"Root Certificate={certificate}"), Is.True);
    }

    [Test]
    public async Task Postgres_with_untrusted_certificate_is_rejected()
    {
        await using var server = await PostgresServer.CreateAsync();
        await server.EnableTlsAsync(IPAddress.Loopback);

        Assert.That(
            () => IsEncryptedAsync(server, ""),
            Throws.InstanceOf<NpgsqlException>().With.InnerException.InstanceOf<AuthenticationException>());
        Assert.That(await IsEncryptedAsync(server, "SSL Mode=Require"), Is.True, "The same server, without verification");
    }

    [Test]
    public async Task Postgres_with_certificate_of_another_host_is_rejected()
    {
        await using var server = await PostgresServer.CreateAsync();
        var certificate = await server.EnableTlsAsync(IPAddress.Parse("127.0.0.2"));

        Assert.That(
            () => IsEncryptedAsync(server, $"Root Certificate={certificate}"),
            Throws.InstanceOf<NpgsqlException>().With.InnerException.InstanceOf<AuthenticationException>());
    }

    [Test]
    public async Task Postgres_without_TLS_is_rejected_by_default()
    {
        await using var server = await PostgresServer.CreateAsync();

        Assert.That(() => IsEncryptedAsync(server, ""), Throws.InstanceOf<NpgsqlException>());
        Assert.That(await IsEncryptedAsync(server, "SSL Mode=Disable"), Is.False);
    }

    private static async Task<bool> IsEncryptedAsync(PostgresServer server, string settings)
    {
        var serverSettings = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        var connectionString =
            $"Host={serverSettings.Host};Port={serverSettings.Port};Username={serverSettings.Username};Database={serverSettings.Database};{settings}";
        await using var source = PostgresDatabase.CreateDataSource(
            "test", PostgresDatabase.ForReading(new DatabaseSettings(DatabaseEngine.Postgres, connectionString)));
        await using var connection = await source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    }
}
