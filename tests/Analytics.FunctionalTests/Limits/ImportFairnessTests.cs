using System.Collections.Concurrent;
using System.Diagnostics;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests.Limits;

/// <summary>SQLite has one writer, but an import in a process of its own does not starve the pushes of other organisations.</summary>
[NonParallelizable]
internal sealed class ImportFairnessTests
{
    private const int ImportedTasks = 20_000;
    private const int Pushers = 4;
    private const int MinPushesPerPusher = 5;

    private static readonly TimeSpan MaxPushDuration = TimeSpan.FromSeconds(2);

    [Test]
    [CancelAfter(20_000)]
    public async Task Import_of_another_organisation_neither_rejects_nor_delays_pushes(CancellationToken cancellationToken)
    {
        await using var database = await Acme.CreateDatabaseAsync(DatabaseEngine.Sqlite);
        var commandLine = new CommandLine(database.Settings);
        await commandLine.RunAsync(["import", "organisations", "-"], "id,name,domain_handle,status\n2,Beta,beta.example,active\n");
        await commandLine.RunAsync(
            ["import", "spaces", "-"],
            "id,space_organization_id,name,token,slug,content_type,status\n21,2,Beta,BETA,beta,contact,active\n");
        var file = database.GetFilePath("tasks.json");
        var lines = Enumerable.Range(0, ImportedTasks).Select(number => new NativeTask($"{number}") { SpaceToken = "BETA" }.ToLine());
        await File.WriteAllLinesAsync(file, lines, cancellationToken);
        using var service = ServiceProcess.StartWithDatabase(database);
        var address = await service.WaitForAddressAsync();

        // The first push of a process waits for what is compiled on first use.
        await PushAsync(address, "first");

        using var import = commandLine.Start(["import", "tasks", file, "--format", "native", "--organisation", "beta.example"]);
        var pushes = new ConcurrentBag<(int Status, TimeSpan Duration)>();
        await Task.WhenAll(Enumerable.Range(0, Pushers).Select(async pusher =>
        {
            for (var number = 0; !import.HasExited; number++)
            {
                pushes.Add(await PushAsync(address, $"{pusher}-{number}").WaitAsync(cancellationToken));
            }
        }));

        Assert.That(await import.StandardOutput.ReadToEndAsync(cancellationToken), Does.StartWith($"inserted {ImportedTasks}, "));
        Assert.That(pushes, Has.Count.GreaterThan(Pushers * MinPushesPerPusher));
        Assert.That(pushes.Select(push => push.Status), Is.All.EqualTo(200));
        Assert.That(pushes.Max(push => push.Duration), Is.LessThan(MaxPushDuration));
    }

    private static async Task<(int Status, TimeSpan Duration)> PushAsync(Uri address, string taskId)
    {
        var push = PushRequest.Create(new NativeTask(taskId));
        var start = Stopwatch.GetTimestamp();
        var reply = await RawHttp.SendAsync(address, "POST", push.Target, push.AllHeaders, push.Body);
        return (reply.Status, Stopwatch.GetElapsedTime(start));
    }
}
