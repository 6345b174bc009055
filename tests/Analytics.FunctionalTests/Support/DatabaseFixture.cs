namespace Analytics.FunctionalTests.Support;

/// <summary>Tests that write, each to a database of its own.</summary>
internal abstract class DatabaseFixture
{
    protected TestDatabase Database { get; private set; } = null!;

    [SetUp]
    public async Task CreateDatabase() => Database = await TestDatabase.CreateAsync();

    [TearDown]
    public async Task DropDatabase() => await Database.DisposeAsync();
}
