using Analytics.Infrastructure.Postgres;
using EvolveDb.Dialect;

namespace Analytics.Infrastructure.Migrations;

internal sealed class PostgresMigrations(DatabaseSettings database) : EngineMigrations
{
    public override DBMS Dialect => DBMS.PostgreSQL;

    protected override string EncryptionHint =>
        "Connections are encrypted and the server's certificate is checked (SSL Mode=VerifyFull); SSL Mode=Require encrypts without the check, SSL Mode=Disable does neither.";

    // Unqualified statements use current_schema(); Evolve would assume public.
    public override IEnumerable<string> Schemas(DbConnection connection) => connection.Query<string>("SELECT current_schema()");

    public override void ValidateDatabase(DbConnection connection)
    {
        if (connection.ExecuteScalar<string>("SHOW server_encoding") is var encoding and not "UTF8")
        {
            throw new ConfigurationException(
                $"The database of {DatabaseSettings.ConnectionStringKey} is encoded in {encoding}, which cannot hold every text: create it with ENCODING 'UTF8'.");
        }
    }

    protected override DbConnection CreateConnection()
    {
        var settings = PostgresDatabase.ForWriting(database);
        settings.Pooling = false;
        settings.Multiplexing = false;
        settings.CommandTimeout = 0;
        return PostgresDatabase.CreateDataSource("migrations", settings).CreateConnection();
    }
}
