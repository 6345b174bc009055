using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>If the database is unavailable, the response is a 503, never zeros; requests succeed as soon as it is back.</summary>
internal abstract class DatabaseUnavailableTests(bool isPooled)
{
    // The operator configures how long a statement waits for a lock.
    private readonly string _connectionString =
        $"Data Source={AnalyticsService.DatabaseFilePlaceholder};Default Timeout=1;Pooling={isPooled}";

    private FakeTimeProvider _clock = null!;
    private byte[] _databaseBytes = [];
    private Reply _initialReply = null!;

    protected AnalyticsService Service { get; private set; } = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        Service = await Acme.StartServiceAsync(DatabaseEngine.Sqlite, services => services.AddSingleton<TimeProvider>(_clock),
            ("ConnectionStrings:Analytics", _connectionString));
        await CheckpointWalAsync();
        _databaseBytes = await File.ReadAllBytesAsync(Service.DatabaseFile);
        _initialReply = await Service.SendAsync();
    }

    [TearDown]
    public async Task StopAsync() => await Service.DisposeAsync();

    private static IEnumerable<TestCaseData> DatabaseLosses()
    {
        yield return DatabaseLoss("removed", File.Delete);
        yield return DatabaseLoss(
            "replaced by another file", file => File.Move(WriteReplacementFile(file, new string('x', 8192)), file, overwrite: true));
        yield return DatabaseLoss("overwritten", file => File.WriteAllText(file, new string('x', 8192)));
        yield return DatabaseLoss("replaced by a folder", file =>
        {
            File.Delete(file);
            Directory.CreateDirectory(file);
        });
    }

    [TestCaseSource(nameof(DatabaseLosses))]
    public async Task Lost_database_returns_503_until_it_is_restored(Action<string> loseDatabase)
    {
        loseDatabase(Service.DatabaseFile);
        await AssertUnavailableAsync();

        if (Directory.Exists(Service.DatabaseFile))
        {
            Directory.Delete(Service.DatabaseFile);
        }

        await File.WriteAllBytesAsync(Service.DatabaseFile, _databaseBytes);
        await AssertAvailableAsync();
    }

    [Test]
    public async Task Database_without_tables_returns_500_and_is_not_ready_until_it_is_restored()
    {
        File.Move(WriteReplacementFile(Service.DatabaseFile, ""), Service.DatabaseFile, overwrite: true);

        var reply = await Service.SendAsync();
        var ready = await Service.SendAsync("/health/ready");

        Assert.That((reply.Status, reply.Message, ready.Status), Is.EqualTo((500, "Internal server error.", 503)));
        await File.WriteAllBytesAsync(Service.DatabaseFile, _databaseBytes);
        await AssertAvailableAsync();
    }

    protected async Task AssertUnavailableAsync()
    {
        var reply = await Service.SendAsync(new AnalyticsRequest { Headers = [("X-Request-Id", "a")] });
        var ready = await Service.SendAsync("/health/ready");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((reply.Status, reply.Body),
                Is.EqualTo((503,
                    """{"status_code":503,"message":"Service temporarily unavailable.","code":"unavailable","request_id":"a"}""")));
            Assert.That((reply["Retry-After"], ready["Retry-After"], ready.Status), Is.EqualTo(("1", "1", 503)));
            Assert.That(reply["ETag"], Is.Null);
        }
    }

    protected async Task AssertAvailableAsync()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        var reply = await Service.SendAsync();
        var ready = await Service.SendAsync("/health/ready");

        Assert.That((reply.Status, reply.Body, ready.Status), Is.EqualTo((200, _initialReply.Body, 200)));
    }

    private async Task CheckpointWalAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={Service.DatabaseFile};Pooling=False");
        await connection.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static string WriteReplacementFile(string file, string content)
    {
        File.WriteAllText($"{file}.new", content);
        return $"{file}.new";
    }

    private static TestCaseData DatabaseLoss(string caseName, Action<string> loseDatabase) =>
        new TestCaseData(loseDatabase).SetArgDisplayNames(caseName);
}

/// <summary>With pooled connections.</summary>
internal sealed class DatabaseUnavailableWithPoolingTests() : DatabaseUnavailableTests(isPooled: true);

/// <summary>With one connection for each query: another process can lock the database exclusively only while none is open.</summary>
internal sealed class DatabaseUnavailableWithoutPoolingTests() : DatabaseUnavailableTests(isPooled: false)
{
    [Test]
    public async Task Locked_database_returns_503_until_it_is_unlocked()
    {
        await using (var lockingConnection = new SqliteConnection($"Data Source={Service.DatabaseFile};Pooling=False"))
        {
            await lockingConnection.OpenAsync();
            await lockingConnection.ExecuteAsync("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
            await AssertUnavailableAsync();
        }

        await AssertAvailableAsync();
    }
}
