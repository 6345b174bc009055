using System.Diagnostics;
using System.Text.RegularExpressions;
using Analytics.Api.Errors;
using Analytics.Infrastructure.Configuration;

namespace Analytics.Bench;

/// <summary>A server process on a loopback port of its own, whose standard output is a file. Disposing stops it.</summary>
internal sealed partial class Server : IAsyncDisposable
{
    private const string ServicePath = "/api/v2/platform/organisation/analytics/";
    private const int RegexMilliseconds = 1_000;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private static readonly (string Key, string Value)[] Settings =
    [
        ("ASPNETCORE_ENVIRONMENT", "Production"),
        ("Urls", "http://127.0.0.1:0"),
        ("Logging:LogLevel:Default", "Warning"),
        ("AccessLog:Mode", "off"),

        // Logs the assigned port.
        ("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information"),
        Caller.SigningKeySetting,

        // One user exceeds every limit.
        ("RateLimit:Enabled", "false"),
    ];

    private readonly Process _process;
    private readonly FileInfo _output;

    private Server(Process process, FileInfo output, Uri address) => (_process, _output, Address) = (process, output, address);

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
        await EndAsync(_process, _output);
        _process.Dispose();
    }

    private static async Task<Server> StartAsync(
        IEnumerable<string> arguments, string path, IEnumerable<(string Key, string Value)> settings, CancellationToken cancellationToken)
    {
        // Through env, because a shell drops variables whose names contain dots. Of two values of one variable, the last counts.
        var output = new FileInfo(Path.GetTempFileName());
        var variables = Settings.Concat(settings)
            .Select(setting => $"{setting.Key.Replace(":", "__", StringComparison.Ordinal)}={setting.Value}");
        string[] command = ["-c", "exec \"$@\" > \"$0\"", output.FullName, "env", .. variables, "dotnet", .. arguments];
        var process = Process.Start(new ProcessStartInfo("sh", command) { UseShellExecute = false })!;
        try
        {
            return new Server(process, output, new Uri(await ReadRootAsync(process, output, cancellationToken), path));
        }
        catch
        {
            await EndAsync(process, output);
            process.Dispose();
            throw;
        }
    }

    private static async Task<Uri> ReadRootAsync(Process process, FileInfo output, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartTimeout);
        while (!process.HasExited)
        {
            if (Listening().Match(await File.ReadAllTextAsync(output.FullName, limit.Token)) is { Success: true } listening)
            {
                return new Uri(listening.Groups["root"].Value);
            }

            await Task.Delay(PollInterval, limit.Token);
        }

        var text = await File.ReadAllTextAsync(output.FullName, limit.Token);
        throw new InvalidOperationException($"A server exited before it listened: {text}");
    }

    private static async Task EndAsync(Process process, FileInfo output)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync().WaitAsync(StopTimeout);
        output.Delete();
    }

    [GeneratedRegex(@"Now listening on: (?<root>http://[\d.:]+)", RegexOptions.ExplicitCapture, RegexMilliseconds)]
    private static partial Regex Listening();
}
