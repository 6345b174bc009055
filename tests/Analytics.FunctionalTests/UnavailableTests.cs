using Analytics.FunctionalTests.Support;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests;

/// <summary>A question that cannot be asked is a 503, never zeros; and it can be asked again as soon as the database is back.</summary>
[TestFixture(true), TestFixture(false)]
internal sealed class UnavailableTests(bool isPooled)
{
    /// <summary>How long a statement waits for a lock is the operator's choice.</summary>
    private readonly string _impatient = $"Data Source={AnalyticsService.DatabasePlace};Default Timeout=1;Pooling={isPooled}";

    private FakeTimeProvider _clock = null!;
    private AnalyticsService _service = null!;
    private byte[] _kept = [];
    private Reply _before = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        _service = await Acme.StartAsync(parts => parts.AddSingleton<TimeProvider>(_clock), ("ConnectionStrings:Analytics", _impatient));
        FreeDatabase();
        _kept = await File.ReadAllBytesAsync(_service.DatabaseFile);
        _before = await _service.AskAsync();
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

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
        lose(_service.DatabaseFile);
        await AssertIsUnavailableAsync();

        if (Directory.Exists(_service.DatabaseFile))
        {
            Directory.Delete(_service.DatabaseFile);
        }

        await File.WriteAllBytesAsync(_service.DatabaseFile, _kept);
        await AssertIsBackAsync();
    }

    [Test]
    public async Task WithALockedDatabaseTheServiceIsUnavailableUntilItIsFree()
    {
        FreeDatabase();
        await using (var other = new SqliteConnection($"Data Source={_service.DatabaseFile};Pooling=False"))
        {
            await other.OpenAsync();
            await other.ExecuteAsync("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
            await AssertIsUnavailableAsync();
        }

        await AssertIsBackAsync();
    }

    private async Task AssertIsUnavailableAsync()
    {
        var reply = await _service.AskAsync(new Question { Headers = [("X-Request-Id", "a")] });
        var ready = await _service.AskAsync("/health/ready");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((reply.Status, reply.Body), Is.EqualTo((503, """{"status_code":503,"message":"Service temporarily unavailable.","request_id":"a"}""")));
            Assert.That((reply["Retry-After"], ready["Retry-After"], ready.Status), Is.EqualTo(("1", "1", 503)));
            Assert.That(reply["ETag"], Is.Null);
        }
    }

    private async Task AssertIsBackAsync()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        var reply = await _service.AskAsync();
        var ready = await _service.AskAsync("/health/ready");

        Assert.That((reply.Status, reply.Body, ready.Status), Is.EqualTo((200, _before.Body, 200)));
    }

    /// <summary>When its last connection closes, everything is in the one file, and nothing keeps others from locking it.</summary>
    private static void FreeDatabase() => SqliteConnection.ClearAllPools();

    private static string Neighbour(string file, string content)
    {
        File.WriteAllText($"{file}.new", content);
        return $"{file}.new";
    }

    private static TestCaseData Loss(string how, Action<string> lose) => new TestCaseData(lose).SetArgDisplayNames(how);
}
