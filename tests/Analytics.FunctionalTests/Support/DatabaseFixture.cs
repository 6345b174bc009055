using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests.Support;

/// <summary>Tests that write, each to its own database.</summary>
internal abstract class DatabaseFixture(DatabaseEngine engine)
{
    protected TestDatabase Database { get; private set; } = null!;

    [SetUp]
    public async Task CreateDatabase() => Database = await TestDatabase.CreateAsync(engine);

    [TearDown]
    public async Task DropDatabase() => await Database.DisposeAsync();
}
