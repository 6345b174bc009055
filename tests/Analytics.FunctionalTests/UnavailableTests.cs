using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>A question that cannot be asked is a 503, never zeros; and it can be asked again as soon as the database is back.</summary>
internal abstract class UnavailableTests(bool isPooled)
{
    /// <summary>How long a statement waits for a lock is the operator's choice.</summary>
    private readonly string _impatient = $"Data Source={AnalyticsService.DatabaseFilePlaceholder};Default Timeout=1;Pooling={isPooled}";

    private FakeTimeProvider _clock = null!;
    private byte[] _kept = [];
    private Reply _before = null!;

    protected AnalyticsService Service { get; private set; } = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        Service = await Acme.StartServiceAsync(DatabaseEngine.Sqlite, parts => parts.AddSingleton<TimeProvider>(_clock), ("ConnectionStrings:Analytics", _impatient));
        await MoveEverythingIntoTheOneFileAsync();
        _kept = await File.ReadAllBytesAsync(Service.DatabaseFile);
        _before = await Service.SendAsync();
    }

    [TearDown]
    public async Task StopAsync() => await Service.DisposeAsync();

    private static IEnumerable<TestCaseData> Losses()
    {
        yield return Loss("removed", File.Delete);
        yield return Loss("replaced by another file", file => File.Move(Neighbour(file, new string('x', 8192)), file, overwrite: true));
        yield return Loss("replaced by an empty one", file => File.Move(Neighbour(file, ""), file, overwrite: true));
        yield return Loss("overwritten", file => File.WriteAllText(file, new string('x', 8192)));
        yield return Loss("replaced by a folder", file =>
        {
            File.Delete(file);
            Directory.CreateDirectory(file);
        });
    }

    [TestCaseSource(nameof(Losses))]
    public async Task WithoutItsDatabaseTheServiceIsUnavailableUntilItIsBack(Action<string> lose)
    {
        lose(Service.DatabaseFile);
        await AssertIsUnavailableAsync();

        if (Directory.Exists(Service.DatabaseFile))
        {
            Directory.Delete(Service.DatabaseFile);
        }

        await File.WriteAllBytesAsync(Service.DatabaseFile, _kept);
        await AssertIsBackAsync();
    }

    protected async Task AssertIsUnavailableAsync()
    {
        var reply = await Service.SendAsync(new AnalyticsRequest { Headers = [("X-Request-Id", "a")] });
        var ready = await Service.SendAsync("/health/ready");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((reply.Status, reply.Body), Is.EqualTo((503, """{"status_code":503,"message":"Service temporarily unavailable.","request_id":"a"}""")));
            Assert.That((reply["Retry-After"], ready["Retry-After"], ready.Status), Is.EqualTo(("1", "1", 503)));
            Assert.That(reply["ETag"], Is.Null);
        }
    }

    protected async Task AssertIsBackAsync()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        var reply = await Service.SendAsync();
        var ready = await Service.SendAsync("/health/ready");

        Assert.That((reply.Status, reply.Body, ready.Status), Is.EqualTo((200, _before.Body, 200)));
    }

    private async Task MoveEverythingIntoTheOneFileAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={Service.DatabaseFile};Pooling=False");
        await connection.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static string Neighbour(string file, string content)
    {
        File.WriteAllText($"{file}.new", content);
        return $"{file}.new";
    }

    private static TestCaseData Loss(string how, Action<string> lose) => new TestCaseData(lose).SetArgDisplayNames(how);
}

/// <summary>With connections that are kept for the next question.</summary>
internal sealed class UnavailableToKeptConnectionsTests() : UnavailableTests(isPooled: true);

/// <summary>With a connection for each question. Only while none is open can another process lock everybody out.</summary>
internal sealed class UnavailableToNewConnectionsTests() : UnavailableTests(isPooled: false)
{
    [Test]
    public async Task WithALockedDatabaseTheServiceIsUnavailableUntilItIsFree()
    {
        await using (var other = new SqliteConnection($"Data Source={Service.DatabaseFile};Pooling=False"))
        {
            await other.OpenAsync();
            await other.ExecuteAsync("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
            await AssertIsUnavailableAsync();
        }

        await AssertIsBackAsync();
    }
}
