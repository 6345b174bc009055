using Analytics.Infrastructure.Postgres;
using Analytics.Infrastructure.Settings;
using Analytics.Infrastructure.SqlServer;
using Microsoft.Data.SqlClient;
using Npgsql;

namespace Analytics.FunctionalTests;

/// <summary>Connections to servers are encrypted, and the server's certificate is checked, unless the operator says otherwise.</summary>
internal sealed class EncryptionTests
{
    [TestCase("Host=db.example.com;Database=analytics", SslMode.VerifyFull)]
    [TestCase("Host=127.0.0.1;Database=analytics", SslMode.VerifyFull)]
    [TestCase("Host=db.example.com;Database=analytics;SSL Mode=Disable", SslMode.Disable)]
    [TestCase("Host=db.example.com;Database=analytics;SslMode=Require", SslMode.Require)]
    [TestCase("Host=/var/run/postgresql;Database=analytics", SslMode.Disable, Description = "a socket does not leave the machine")]
    public void OfPostgres(string connectionString, SslMode mode)
    {
        var database = new DatabaseSettings(DatabaseEngine.Postgres, connectionString);

        Assert.That(new[] { PostgresDatabase.Reading(database).SslMode, PostgresDatabase.Writing(database).SslMode }, Is.All.EqualTo(mode));
    }

    [TestCase("Server=db.example.com;Database=analytics", true, false)]
    [TestCase("Server=db.example.com;Database=analytics;Encrypt=Optional", false, false)]
    [TestCase("Server=db.example.com;Database=analytics;TrustServerCertificate=True", true, true)]
    public void OfSqlServer(string connectionString, bool isEncrypted, bool isTrusted)
    {
        var database = new DatabaseSettings(DatabaseEngine.SqlServer, connectionString);
        foreach (var settings in new[] { SqlServerDatabase.Reading(database), SqlServerDatabase.Writing(database) })
        {
            Assert.That((settings.Encrypt.Equals(SqlConnectionEncryptOption.Mandatory), settings.TrustServerCertificate), Is.EqualTo((isEncrypted, isTrusted)));
        }
    }
}
