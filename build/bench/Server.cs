using System.Diagnostics;
using Analytics.Api.Errors;
using Analytics.Infrastructure.Settings;

namespace Analytics.Bench;

/// <summary>A process that answers on a loopback port of its own, until it is disposed.</summary>
internal sealed class Server : IAsyncDisposable
{
    private const string ServicePath = "/api/v2/platform/organisation/analytics/";
    private const string Listening = "Now listening on: ";

    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);

    private static readonly (string Key, string Value)[] Settings =
    [
        ("ASPNETCORE_ENVIRONMENT", "Production"),
        ("Urls", "http://127.0.0.1:0"),
        ("Logging:LogLevel:Default", "Warning"),
        ("Logging:LogLevel:Microsoft.AspNetCore.HttpLogging", "Warning"),

        // Only this one says which port it got.
        ("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information"),
        Caller.Trusted,
    ];

    private readonly TaskCompletionSource<Uri> _root = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private Server(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, output) => Read(output.Data ?? "");
        _process.Exited += (_, _) => _root.TrySetException(new InvalidOperationException($"{start.ArgumentList[0]} ended before it listened."));
        _process.Start();
        _process.BeginOutputReadLine();
    }

    /// <summary>The address that is asked.</summary>
    public Uri Address { get; private set; } = new("about:blank");

    /// <summary>The real service over a database.</summary>
    public static Task<Server> StartServiceAsync(DatabaseSettings database, IEnumerable<(string Key, string Value)> settings, CancellationToken cancellationToken) =>
        StartAsync(
            [typeof(ApiError).Assembly.Location],
            ServicePath,
            [(DatabaseSettings.EngineKey, database.Engine.ToString()), (DatabaseSettings.ConnectionStringKey, database.ConnectionString), .. settings],
            cancellationToken);

    /// <summary>The yardstick.</summary>
    /// <param name="answer">What it always answers.</param>
    /// <param name="cancellationToken">Calls the start off.</param>
    public static Task<Server> StartYardstickAsync(string answer, CancellationToken cancellationToken) =>
        StartAsync([typeof(Yardstick).Assembly.Location, Yardstick.Verb], Yardstick.Path, [(Yardstick.AnswerKey, answer)], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        using (_process)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().WaitAsync(LongestEnd);
        }
    }

    private static async Task<Server> StartAsync(IEnumerable<string> arguments, string path, IEnumerable<(string Key, string Value)> settings, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var (key, value) in Settings.Concat(settings))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var server = new Server(start);
        try
        {
            server.Address = new Uri(await server._root.Task.WaitAsync(LongestStart, cancellationToken), path);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private void Read(string line)
    {
        var at = line.IndexOf(Listening, StringComparison.Ordinal);
        if (at >= 0)
        {
            _root.TrySetResult(new Uri(line[(at + Listening.Length)..]));
        }
    }
}
