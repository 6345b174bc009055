using Analytics.Infrastructure;
using Analytics.Infrastructure.Settings;

namespace Analytics.FunctionalTests.Support;

/// <summary>The engines that every database test runs on; one whose server is not named shows as skipped.</summary>
internal static class Engines
{
    public static IEnumerable<TestFixtureData> All => Enum.GetValues<DatabaseEngine>().Select(Fixture);

    public static IEnumerable<TestFixtureData> Servers => Enum.GetValues<DatabaseEngine>().Where(engine => engine != DatabaseEngine.Sqlite).Select(Fixture);

    public static IEnumerable<DatabaseEngine> Running => Enum.GetValues<DatabaseEngine>().Where(IsRunning);

    /// <summary>The connection string of the server, on which databases may be created.</summary>
    public static string Server(DatabaseEngine engine) => Environment.GetEnvironmentVariable(ServerVariable(engine)) ?? "";

    /// <summary>How many scripts make an engine's schema.</summary>
    public static int Migrations(DatabaseEngine engine) =>
        typeof(Migrator).Assembly.GetManifestResourceNames().Count(name => name.StartsWith($"Analytics.Infrastructure.{engine}.Migrations.", StringComparison.Ordinal));

    private static bool IsRunning(DatabaseEngine engine) => engine == DatabaseEngine.Sqlite || Server(engine).Length > 0;

    private static TestFixtureData Fixture(DatabaseEngine engine) => IsRunning(engine)
        ? new TestFixtureData(engine)
        : new TestFixtureData(engine).Ignore($"{ServerVariable(engine)} names no server.");

    private static string ServerVariable(DatabaseEngine engine) => engine switch
    {
        DatabaseEngine.Sqlite => throw new InvalidOperationException("SQLite has no server."),
        DatabaseEngine.SqlServer => "ANALYTICS_TEST_SQLSERVER",
        DatabaseEngine.Postgres => "ANALYTICS_TEST_POSTGRES",
    };
}
