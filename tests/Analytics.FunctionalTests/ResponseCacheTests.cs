using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>The same query is served from the cache, but never with outdated numbers.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class ResponseCacheTests(DatabaseEngine engine)
{
    private AnalyticsService _service = null!;

    [SetUp]
    public async Task StartAsync() => _service = await Acme.StartServiceAsync(engine);

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public async Task Repeated_request_is_served_from_cache_without_reading_totals()
    {
        var first = await _service.SendAsync();
        await using (var connection = await _service.Services.GetRequiredService<System.Data.Common.DbDataSource>().OpenConnectionAsync())
        {
            await connection.ExecuteAsync("DROP TABLE task_totals");
        }

        var repeated = await _service.SendAsync();
        var another = await _service.SendAsync(new AnalyticsRequest { Product = "unpod.tv" });

        Assert.That((repeated.Status, repeated.Body, repeated["ETag"], another.Status), Is.EqualTo((200, first.Body, first["ETag"], 500)));
    }

    [Test]
    public async Task Write_through_one_instance_is_visible_on_another()
    {
        var folder = Directory.CreateTempSubdirectory("analytics-start-");
        using var otherInstance = new ServiceProcess(folder, "Production",
            ("Database:Engine", $"{engine}"), ("ConnectionStrings:Analytics", _service.Database.ConnectionString),
            ("Jwt:SigningKeys:0", Tokens.SigningKey));
        var request = new AnalyticsRequest();
        var address = ServiceProcess.ParseAddress(await otherInstance.ReadUntilAsync("Now listening on"));

        for (var taskCount = 2; taskCount <= 20; taskCount++)
        {
            await _service.AddSalesTasksAsync(new NativeTask($"{taskCount}"));
            var replies = new[]
            {
                await RawHttp.SendAsync(address, request.Method, request.Target, request.AllHeaders),
                await RawHttp.SendAsync(address, request.Method, request.Target, request.AllHeaders),
                await _service.SendAsync(),
            };
            Assert.That(replies.Select(reply => (int)reply.Json["data"]!["call_status"]!["total_tasks"]!), Is.All.EqualTo(taskCount));
            Assert.That(replies.Select(reply => reply["ETag"]).Distinct().Count(), Is.EqualTo(1));
        }

        folder.Delete(recursive: true);
    }

    [Test]
    public async Task Acknowledged_write_is_in_the_next_response_of_another_instance_under_load()
    {
        await using var database = await Acme.CreateDatabaseAsync(engine);
        await using var writing = AnalyticsService.Start(database);
        await using var reading = AnalyticsService.Start(database);
        using var stop = new CancellationTokenSource();

        // They all need the same lookup, so that it is being sent at almost any time.
        var load = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await reading.SendAsync();
            }
        })).ToList();
        var totals = new List<int>();
        for (var taskCount = 1; taskCount <= 50; taskCount++)
        {
            Assert.That((await writing.PushAsync(new NativeTask($"{taskCount}"))).Status, Is.EqualTo(200));
            totals.Add((int)(await reading.SendAsync()).Json["data"]!["call_status"]!["total_tasks"]!);
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        Assert.That(totals, Is.EqualTo(Enumerable.Range(1, totals.Count)));
    }
}
