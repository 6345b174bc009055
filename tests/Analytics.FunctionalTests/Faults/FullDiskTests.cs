using System.Data.Common;
using System.Globalization;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Faults;

/// <summary>
/// On a full disk reads succeed, and writes fail with an error, write nothing, and succeed once there is space. (PostgreSQL's is in <see
/// cref="PostgresFaultTests"/>.)
/// </summary>
[NonParallelizable]
internal sealed class FullDiskTests
{
    private static readonly PushRequest SmallPush = PushRequest.Create(Enumerable.Range(0, 500).Select(i => new NativeTask($"few {i}")));
    private static readonly PushRequest LargePush = PushRequest.Create(Enumerable.Range(0, 8_000).Select(i => new NativeTask($"many {i}")));

    [Test]
    public async Task Full_database_serves_reads_and_returns_503_for_writes()
    {
        await using var service =
            await AnalyticsService.StartAsync(DatabaseEngine.Sqlite, FullDiskDataSource.Install, ("Logging:LogLevel:Default", "None"));
        await service.AddAcmeAsync();
        var disk = (FullDiskDataSource)service.Services.GetRequiredService<DbDataSource>();

        await AssertWritesFailUntilSpaceIsFreedAsync(
            service.Address,
            fill: () => Task.FromResult(disk.IsFull = true),
            free: () => Task.FromResult(disk.IsFull = false));

        Assert.That((await service.VerifyAsync()).Single() is { IsClean: true, Tasks: 8_500 });
    }

    [Test]
    [Platform("Linux")]
    public async Task File_size_limit_serves_reads_and_returns_503_for_writes()
    {
        await using var database = await Acme.CreateDatabaseAsync(DatabaseEngine.Sqlite);
        using (var process = ServiceProcess.StartWithDatabase(database))
        {
            await AssertWritesFailUntilSpaceIsFreedAsync(
                await process.WaitForAddressAsync(),
                fill: () => process.SetMaxFileSizeAsync(
                    Math.Max(GetFileLength(database.File), GetFileLength($"{database.File}-wal")).ToString(CultureInfo.InvariantCulture)),
                free: () => process.SetMaxFileSizeAsync("unlimited"));
        }

        await using var service = AnalyticsService.Start(database);
        Assert.That((await service.VerifyAsync()).Single() is { IsClean: true, Tasks: 8_500 });
    }

    private static async Task AssertWritesFailUntilSpaceIsFreedAsync(Uri service, Func<Task> fill, Func<Task> free)
    {
        Assert.That((await PushAsync(service, SmallPush)).Status, Is.EqualTo(200));
        var before = await SendAsync(service);

        await fill();
        var rejected = await PushAsync(service, LargePush);
        var during = await SendAsync(service);
        await free();
        var written = await PushAsync(service, LargePush);

        Assert.That((rejected.Status, rejected["Retry-After"]), Is.EqualTo((503, "1")));
        Assert.That((during.Status, during.Body, during["ETag"]), Is.EqualTo((200, before.Body, before["ETag"])));
        Assert.That((written.Status, written.GetCounts()), Is.EqualTo((200, (8_000, 0, 0, 0))));
    }

    private static Task<Reply> PushAsync(Uri service, PushRequest push) =>
        RawHttp.SendAsync(service, "POST", push.Target, push.AllHeaders, push.Body);

    private static Task<Reply> SendAsync(Uri service)
    {
        var request = new AnalyticsRequest();
        return RawHttp.SendAsync(service, request.Method, request.Target, request.AllHeaders);
    }

    private static long GetFileLength(string file) => new FileInfo(file).Length;
}
