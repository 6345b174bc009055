using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Analytics.ContractTests.Support;

/// <summary>The built service with its demo: a process in a temporary folder, on a free port, with a token that the CLI issues.</summary>
internal sealed partial class DemoService : IDisposable
{
    private static readonly TimeSpan MaxStartTime = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("analytics-contract-");
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private DemoService()
    {
        _process = Start("Analytics.Api", "Analytics.Api.dll");
        _process.OutputDataReceived += (_, output) => ReadAddress(output.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Address { get; private set; } = "";

    public string Token { get; private set; } = "";

    public static async Task<DemoService> StartAsync()
    {
        var service = new DemoService();
        try
        {
            service.Address = await service._address.Task.WaitAsync(MaxStartTime);
            service.Token = await service.IssueTokenAsync();
            return service;
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    // The demo's only user. The service has created the signing key.
    private async Task<string> IssueTokenAsync()
    {
        using var command = Start("Analytics.Cli", "analytics.dll", "token", "--user", "1");
        var output = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        return command.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException($"No token was issued: {await command.StandardError.ReadToEndAsync()}");
    }

    // The demo is announced once the service listens. Its last line of output is null.
    private void ReadAddress(string? line)
    {
        if (line is null)
        {
            _address.TrySetException(new InvalidOperationException("The service ended while it started."));
        }
        else if (AddressPattern().Match(line) is { Success: true } match)
        {
            _address.TrySetResult(match.Value);
        }
    }

    private Process Start(string project, string assembly, params string[] arguments)
    {
        // The projects are built side by side, in the same configuration.
        var program = Path.Combine(
            AppContext.BaseDirectory.Replace("tests/Analytics.ContractTests", $"src/{project}", StringComparison.Ordinal), assembly);
        if (!File.Exists(program))
        {
            throw new InvalidOperationException(
                $"{program} does not exist: set ANALYTICS_CONTRACT_URL and ANALYTICS_CONTRACT_TOKEN to test a deployment.");
        }

        var startInfo = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The shell's settings of a service are not those of this one.
        foreach (var name in startInfo.Environment.Keys.Where(IsSetting).ToList())
        {
            startInfo.Environment.Remove(name);
        }

        startInfo.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        startInfo.Environment["DOTNET_ENVIRONMENT"] = "Development";
        startInfo.Environment["Urls"] = "http://127.0.0.1:0";
        return Process.Start(startInfo)!;
    }

    private static bool IsSetting(string name) =>
        name.Contains("__", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"(?<=^Analytics listens on )http://127\.0\.0\.1:\d+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AddressPattern();
}
