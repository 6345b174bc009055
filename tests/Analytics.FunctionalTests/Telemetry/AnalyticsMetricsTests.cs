using System.Data.Common;
using Analytics.Application.Observability;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Analytics.FunctionalTests.Telemetry;

/// <summary>What is counted inside the process, and that nothing is counted without a listener.</summary>
[NonParallelizable]
internal sealed class AnalyticsMetricsTests
{
    [Test]
    public async Task Telemetry_is_off_without_a_collector()
    {
        await using var service = await Acme.StartServiceAsync();

        Assert.That((service.Services.GetService<MeterProvider>(), service.Services.GetService<TracerProvider>()),
            Is.EqualTo(((MeterProvider?)null, (TracerProvider?)null)));
        Assert.That(AnalyticsMetrics.DatabaseOperationDuration.Enabled, Is.False);
    }

    [Test]
    public async Task Written_rows_are_counted_by_effect()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseEngine.Sqlite);
        await database.AddOrganisationAsync(1, 11);
        using var measured = new MetricRecorder();

        await database.ImportNativeAsync(1, [Line("a", "pending"), Line("b", "pending")]);
        await database.ImportNativeAsync(
            1, [Line("a", "pending"), Line("b", "completed"), Line("c", "pending"), """{"task_id":"d"}"""], _ => { });

        Assert.That(measured.Sums.Where(sum => sum.Key.StartsWith("analytics.", StringComparison.Ordinal)),
            Is.EquivalentTo(new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["analytics.rows.written effect=inserted"] = 3,
            ["analytics.rows.written effect=updated"] = 1,
            ["analytics.rows.written effect=unchanged"] = 1,
            ["analytics.rows.written effect=rejected"] = 1,
            ["analytics.queue.depth queue=sqlite_writer"] = 0,
        }));
        Assert.That(measured.Sums["db.client.operation.duration db.system.name=sqlite db.operation.name=BATCH"], Is.GreaterThan(0));
    }

    [Test]
    public async Task Rejected_lines_are_counted_once_although_the_push_is_retried()
    {
        await using var service = await Acme.StartServiceAsync(DatabaseEngine.Sqlite, FullDiskDataSource.Install);
        var disk = (FullDiskDataSource)service.Services.GetRequiredService<DbDataSource>();
        using var measured = new MetricRecorder();
        var push = PushRequest.FromText(
            string.Join('\n', Enumerable.Range(0, 1_000).Select(number => new NativeTask($"{number}").ToLine()).Append("{}")));

        disk.IsFull = true;
        var failed = await service.PushAsync(push);
        disk.IsFull = false;
        var retried = await service.PushAsync(push);

        Assert.That((failed.Status, retried.GetCounts()), Is.EqualTo((503, (1_000L, 0L, 0L, 1L))));
        Assert.That(measured.Sums["analytics.rows.written effect=rejected"], Is.EqualTo(1));
    }

    [Test]
    public async Task Open_stream_count_rises_and_returns_to_zero()
    {
        using var measured = new MetricRecorder();
        await using (var service = await Acme.StartServiceAsync())
        {
            using var stream = await EventStream.OpenAsync(service.Address);
            Assert.That(measured.Sums["analytics.streams.open"], Is.EqualTo(1));
        }

        Assert.That(measured.Sums["analytics.streams.open"], Is.Zero);
    }

    private static string Line(string taskId, string status) => $$"""{"task_id":"{{taskId}}","space_token":"S11","status":"{{status}}"}""";
}
