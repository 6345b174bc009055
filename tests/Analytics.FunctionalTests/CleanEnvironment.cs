using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests;

/// <summary>Settings of the shell in which the tests are run are none of the tests': services and commands get their own.</summary>
[SetUpFixture]
internal sealed class CleanEnvironment
{
    private static readonly string[] Settings = ["ConnectionStrings__", "Database__", "Jwt__", "Cors__", "RateLimit__", "TimeLimits__", "Shutdown__", "Proxies__", "AutoMapper__", "Urls", "ASPNETCORE_", "DOTNET_ENVIRONMENT", "OTEL_"];

    [OneTimeSetUp]
    public void ForgetSettings()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => Settings.Any(setting => name.StartsWith(setting, StringComparison.OrdinalIgnoreCase))))
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    [OneTimeTearDown]
    public Task DropTemplatesAsync() => ScratchDatabase.DropTemplatesAsync();
}
