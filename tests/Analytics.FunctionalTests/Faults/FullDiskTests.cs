using System.Data.Common;
using System.Globalization;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Faults;

/// <summary>On a full disk readers go on; who writes is told so and writes nothing, until there is room. (PostgreSQL's is among its other faults.)</summary>
[NonParallelizable]
internal sealed class FullDiskTests
{
    private static readonly Push Few = Push.Of(Enumerable.Range(0, 500).Select(i => new NativeTask($"few {i}")));
    private static readonly Push Many = Push.Of(Enumerable.Range(0, 8_000).Select(i => new NativeTask($"many {i}")));

    [Test]
    public async Task ADatabaseWithoutAPageMoreIsReadAndNotWritten()
    {
        await using var service = await AnalyticsService.StartAsync(DatabaseEngine.Sqlite, FillableDisk.Put, ("Logging:LogLevel:Default", "None"));
        await service.HasAcmeAsync();
        var disk = (FillableDisk)service.Services.GetRequiredService<DbDataSource>();

        await AssertRefusesWritesForNowAsync(
            service.Address,
            fill: () => Task.FromResult(disk.IsFull = true),
            free: () => Task.FromResult(disk.IsFull = false));

        Assert.That((await service.VerifyAsync()).Single() is { IsClean: true, Tasks: 8_500 });
    }

    [Test]
    [Platform("Linux")]
    public async Task AServiceWhoseFilesMayNotGrowGoesOnReading()
    {
        await using var database = await Acme.CreateDatabaseAsync(DatabaseEngine.Sqlite);
        using (var process = ServiceProcess.Over(database))
        {
            await AssertRefusesWritesForNowAsync(
                await process.ListeningAsync(),
                fill: () => process.LimitFilesAsync(Math.Max(Length(database.File), Length($"{database.File}-wal")).ToString(CultureInfo.InvariantCulture)),
                free: () => process.LimitFilesAsync("unlimited"));
        }

        await using var service = AnalyticsService.Start(database);
        Assert.That((await service.VerifyAsync()).Single() is { IsClean: true, Tasks: 8_500 });
    }

    private static async Task AssertRefusesWritesForNowAsync(Uri service, Func<Task> fill, Func<Task> free)
    {
        Assert.That((await PushAsync(service, Few)).Status, Is.EqualTo(200));
        var before = await AskAsync(service);

        await fill();
        var refused = await PushAsync(service, Many);
        var during = await AskAsync(service);
        await free();
        var written = await PushAsync(service, Many);

        Assert.That((refused.Status, refused["Retry-After"]), Is.EqualTo((503, "1")));
        Assert.That((during.Status, during.Body, during["ETag"]), Is.EqualTo((200, before.Body, before["ETag"])));
        Assert.That((written.Status, written.Counts()), Is.EqualTo((200, (8_000, 0, 0, 0))));
    }

    private static Task<Reply> PushAsync(Uri service, Push push) => Wire.SendAsync(service, "POST", push.Target, push.AllHeaders, push.Body);

    private static Task<Reply> AskAsync(Uri service)
    {
        var question = new Question();
        return Wire.SendAsync(service, question.Method, question.Target, question.AllHeaders);
    }

    private static long Length(string file) => new FileInfo(file).Length;
}
