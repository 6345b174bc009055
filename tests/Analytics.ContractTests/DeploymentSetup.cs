using Analytics.ContractTests.Support;

namespace Analytics.ContractTests;

/// <summary>Starts what the tests run against before the first one.</summary>
[SetUpFixture]
internal sealed class DeploymentSetup
{
    [OneTimeSetUp]
    public Task StartAsync() => Deployment.StartAsync();

    [OneTimeTearDown]
    public void Stop() => Deployment.Stop();
}
