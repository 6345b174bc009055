using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>An engine without a server has no fixtures; one skipped test says how to run them.</summary>
internal sealed class EngineConfigurationTests
{
    [TestCase(DatabaseEngine.Postgres, "PostgreSQL")]
    [TestCase(DatabaseEngine.SqlServer, "SQL Server")]
    public void Engine_has_a_test_server(DatabaseEngine engine, string name)
    {
        if (!TestEngines.Configured.Contains(engine))
        {
            Assert.Ignore($"Set {TestEngines.GetServerVariableName(engine)} to run these tests on {name}.");
        }
    }
}
