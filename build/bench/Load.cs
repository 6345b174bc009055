using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Analytics.Bench;

/// <summary>The result of a closed loop of requests by wrk; latencies are in milliseconds.</summary>
internal sealed partial record Load(double RequestsPerSecond, double P50, double P99)
{
    private const int MaxConcurrentConnections = 32;
    private const int RegexMilliseconds = 1_000;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public static Task<Load> RunAsync(Server server, int seconds, CancellationToken cancellationToken) =>
        RunAsync(server.Address, MaxConcurrentConnections, seconds, cancellationToken);

    public static Task<Load> RunAsync(Uri address, int connections, int seconds, CancellationToken cancellationToken) => RunAsync(
        address, connections, seconds, Caller.Headers.SelectMany(header => new[] { "-H", $"{header.Name}: {header.Value}" }),
        cancellationToken);

    /// <summary>The connections send the requests of all callers in turn.</summary>
    public static Task<Load> RunAsync(Server server, RequestScript callers, int seconds, CancellationToken cancellationToken) =>
        RunAsync(server.Address, MaxConcurrentConnections, seconds, ["-s", callers.File], cancellationToken);

    // Throws for a single rejected request or broken connection, and if there is no response at all.
    private static async Task<Load> RunAsync(
        Uri address, int connections, int seconds, IEnumerable<string> requests, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds) + Grace);
        var output = await RunWrkAsync(
            ["-t1", $"-c{connections}", $"-d{seconds}s", "--latency", .. requests, address.ToString()], limit.Token);
        if (Fault().Match(output) is { Success: true, Value: var fault })
        {
            throw new InvalidOperationException($"{address}: {fault}");
        }

        var load = new Load(
            Number(Rate().Match(output)), Milliseconds(Percentile50().Match(output)), Milliseconds(Percentile99().Match(output)));
        return load.RequestsPerSecond > 0 ? load : throw new InvalidOperationException($"{address} sent no response within {seconds} s.");
    }

    private static async Task<string> RunWrkAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var wrk = Process.Start(new ProcessStartInfo("wrk", arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        try
        {
            var output = await wrk.StandardOutput.ReadToEndAsync(cancellationToken);
            await wrk.WaitForExitAsync(cancellationToken);
            return wrk.ExitCode == 0 ? output : throw new InvalidOperationException($"wrk failed: {output}");
        }
        finally
        {
            wrk.Kill();
        }
    }

    private static double Milliseconds(Match time) => Number(time) * time.Groups["unit"].Value switch
    {
        "us" => 0.001,
        "ms" => 1,
        "s" => 1_000,
        var unit => throw new InvalidOperationException($"wrk says '{unit}', which is not a known unit of time."),
    };

    private static double Number(Match match) => double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(Socket errors|Non-2xx or 3xx responses): .*", RegexOptions.ExplicitCapture, RegexMilliseconds)]
    private static partial Regex Fault();

    [GeneratedRegex(@"Requests/sec: +(?<number>[\d.]+)", RegexOptions.ExplicitCapture, RegexMilliseconds)]
    private static partial Regex Rate();

    [GeneratedRegex(@"^ +50% +(?<number>[\d.]+)(?<unit>[a-z]+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, RegexMilliseconds)]
    private static partial Regex Percentile50();

    [GeneratedRegex(@"^ +99% +(?<number>[\d.]+)(?<unit>[a-z]+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, RegexMilliseconds)]
    private static partial Regex Percentile99();
}
