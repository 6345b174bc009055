using System.Net.Http.Headers;

namespace Analytics.Bench.Traffic;

/// <summary>
/// The measured organisation, which has half of all tasks, uses everything at once: lists that few tasks match over many connections, a
/// slow download, and in processes of their own an import and a verification.
/// </summary>
internal static class HeavyTenant
{
    private const int Connections = 20;
    private const int SlowBytesPerSecond = 1_024;

    private static readonly string[] Scans =
        ["tasks/?execution_type=fax", "tasks/?status=completed&include=total", "tasks/?agent=agent-01&agent=agent-02&direction=inbound"];

    // Runs until it is cancelled.
    public static async Task RunAsync(Server service, Database database, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        foreach (var (name, value) in Caller.Headers)
        {
            client.DefaultRequestHeaders.Add(name, value);
        }

        var work = Enumerable.Range(0, Connections)
            .Select(number => RepeatAsync(
                () => ScanAsync(client, new(service.Address, Scans[number % Scans.Length]), cancellationToken), cancellationToken))
            .Append(RepeatAsync(() => DownloadSlowlyAsync(client, service, cancellationToken), cancellationToken))
            .Append(RepeatAsync(() => ImportAsync(database, cancellationToken), cancellationToken))
            .Append(RepeatAsync(() => VerifyAsync(database, cancellationToken), cancellationToken));
        await Task.WhenAll(work);
    }

    private static async Task RepeatAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await Task.Run(work, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    // Rejections are what the service owes its other tenants.
    private static async Task ScanAsync(HttpClient client, Uri address, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(address, cancellationToken);
        if (response.Headers.RetryAfter?.Delta is { } delay)
        {
            await Task.Delay(delay, cancellationToken);
        }
    }

    private static async Task DownloadSlowlyAsync(HttpClient client, Server service, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service.Address, "tasks/"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[SlowBytesPerSecond];
        while (await body.ReadAsync(buffer, cancellationToken) > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    private static async Task ImportAsync(Database database, CancellationToken cancellationToken)
    {
        const int pushes = 1_000;
        var calls = new OngoingCalls(Catalogue.MeasuredOrganisation, $"{Guid.NewGuid():N}");
        var random = new Random(1);
        var file = Path.GetTempFileName();
        try
        {
            await using (var stream = File.OpenWrite(file))
            {
                for (var i = 0; i < pushes; i++)
                {
                    await stream.WriteAsync(calls.NextPush(random), cancellationToken);
                }
            }

            await OperatorCommand.RunAsync(
                database.Settings,
                ["import", "tasks", file, "--format", "native", "--organisation", Catalogue.HandleOf(Catalogue.MeasuredOrganisation)],
                cancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Task VerifyAsync(Database database, CancellationToken cancellationToken) =>
        OperatorCommand.RunAsync(database.Settings, ["verify"], cancellationToken);
}
