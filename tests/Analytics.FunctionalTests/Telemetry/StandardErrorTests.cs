using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests.Telemetry;

internal sealed class StandardErrorTests
{
    [Test]
    public async Task Lines_from_the_configured_level_on_go_to_standard_error()
    {
        await using var database = await Acme.CreateDatabaseAsync(DatabaseEngine.Sqlite);
        using var service = ServiceProcess.StartWithDatabase(
            database, ("Logging:LogLevel:Default", "Warning"), ("Logging:Console:LogToStandardErrorThreshold", "warning"));
        var address = await service.WaitForAddressAsync();
        File.Delete(database.File);
        await RawHttp.SendAsync(address, "GET", "/health/ready", []);
        await service.TerminateAsync();

        var (_, output, error) = await service.WaitForExitAsync();

        Assert.That(error, Does.Contain("The database does not answer the readiness probe").And.Not.Contain("\"LogLevel\":\"Information\""));
        Assert.That(output, Does.Contain("Application is shutting down").And.Not.Contain("readiness probe"));
    }
}
