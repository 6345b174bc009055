using System.Diagnostics;
using Analytics.Api.Errors;
using Analytics.Infrastructure.Configuration;

namespace Analytics.Bench;

/// <summary>A server process on a loopback port of its own. Disposing stops it.</summary>
internal sealed class Server : IAsyncDisposable
{
    private const string ServicePath = "/api/v2/platform/organisation/analytics/";
    private const string Listening = "Now listening on: ";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private static readonly (string Key, string Value)[] Settings =
    [
        ("ASPNETCORE_ENVIRONMENT", "Production"),
        ("Urls", "http://127.0.0.1:0"),
        ("Logging:LogLevel:Default", "Warning"),
        ("AccessLog:Mode", "off"),

        // Logs the assigned port, in plain text.
        ("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information"),
        ("Logging:Console:FormatterName", "simple"),
        Caller.SigningKeySetting,

        // One user exceeds every limit.
        ("RateLimit:Enabled", "false"),
    ];

    private readonly Process _process;
    private readonly Task _outputDrain;

    private Server(Process process, Uri address)
    {
        _process = process;
        Address = address;

        // A full pipe would block the process.
        _outputDrain = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    public Uri Address { get; }

    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static Task<Server> StartServiceAsync(
        DatabaseSettings database, IEnumerable<(string Key, string Value)> settings, CancellationToken cancellationToken) =>
        StartAsync(
            [typeof(ErrorResponse).Assembly.Location],
            ServicePath,
            [(SettingKeys.Engine, database.Engine.ToString()), (SettingKeys.ConnectionString, database.ConnectionString),
                .. settings],
            cancellationToken);

    public static Task<Server> StartBaselineAsync(string response, CancellationToken cancellationToken) =>
        StartAsync([typeof(Baseline).Assembly.Location, Baseline.CommandName], Baseline.Path, [(Baseline.ResponseKey, response)],
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_process);
        await _outputDrain;
        _process.Dispose();
    }

    private static async Task<Server> StartAsync(
        IEnumerable<string> arguments, string path, IEnumerable<(string Key, string Value)> settings, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var (key, value) in Settings.Concat(settings))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var process = Process.Start(start)!;
        try
        {
            return new Server(process, new Uri(await ReadRootAsync(process, cancellationToken), path));
        }
        catch
        {
            await EndAsync(process);
            process.Dispose();
            throw;
        }
    }

    private static async Task<Uri> ReadRootAsync(Process process, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartTimeout);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Split(Listening) is [_, var root])
            {
                return new Uri(root);
            }
        }

        throw new InvalidOperationException($"{process.StartInfo.ArgumentList[0]} exited before it listened.");
    }

    private static async Task EndAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync().WaitAsync(StopTimeout);
    }
}
