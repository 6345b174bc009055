using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Analytics.FunctionalTests.Support;

/// <summary>The built service as an operator starts it: a process, in its own folder, with only the given settings.</summary>
internal sealed partial class ServiceProcess : IDisposable
{
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly CancellationTokenSource _timeout = new(MaxLifetime);

    // Starts the process; a setting of null has its default.
    public ServiceProcess(DirectoryInfo folder, string environment, params IEnumerable<(string Key, string Value)> settings)
        : this(folder, environment, [], settings)
    {
    }

    // The same with arguments.
    public ServiceProcess(
        DirectoryInfo folder, string environment, IEnumerable<string> arguments, IEnumerable<(string Key, string Value)> settings)
        : this(folder, environment, ["dotnet"], arguments, settings)
    {
    }

    private ServiceProcess(
        DirectoryInfo folder, string environment, string[] command, IEnumerable<string> arguments,
        IEnumerable<(string Key, string Value)> settings)
    {
        var startInfo = new ProcessStartInfo(command[0], [.. command[1..], typeof(Program).Assembly.Location, .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in settings.Prepend(("Urls", "http://127.0.0.1:0")).Prepend(("ASPNETCORE_ENVIRONMENT", environment)))
        {
            startInfo.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        _process = Process.Start(startInfo)!;
    }

    // May open only a number of files, sockets included.
    public static ServiceProcess StartWithMaxOpenFiles(
        int files, DirectoryInfo folder, string environment, params IEnumerable<(string Key, string Value)> settings) =>
        new(folder, environment, ["prlimit", $"--nofile={files}:{files}", "dotnet"], [], settings);

    // Without root's right to ignore the permissions of files.
    public static ServiceProcess StartWithoutPrivileges(
        DirectoryInfo folder, string environment, params IEnumerable<(string Key, string Value)> settings) =>
        new(
            folder,
            environment,
            [.. Environment.UserName == "root" ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : Array.Empty<string>(), "dotnet"],
            [],
            settings);

    // With a database, without rate limits, and without log entries but the address.
    public static ServiceProcess StartWithDatabase(ScratchDatabase database, params IEnumerable<(string Key, string Value)> settings) =>
        StartWithDatabase(database, [], settings);

    // The same with arguments.
    public static ServiceProcess StartWithDatabase(
        ScratchDatabase database, IEnumerable<string> arguments, IEnumerable<(string Key, string Value)> settings) => new(
        Directory.CreateDirectory(database.GetFilePath("service")),
        "Production",
        arguments,
        [
            ("Database:Engine", $"{database.Settings.Engine}"),
            ("ConnectionStrings:Analytics", database.Settings.ConnectionString),
            ("Jwt:SigningKeys:0", Tokens.SigningKey),
            ("RateLimit:Enabled", "false"),
            ("Logging:LogLevel:Default", "None"),
            ("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information"),
            .. settings,
        ]);

    // The address, which is printed last.
    public static Uri ParseAddress(string log) => new(AddressPattern().Match(log).Value);

    // Everything that is printed up to a line that contains the text.
    public async Task<string> ReadUntilAsync(string text)
    {
        var lines = new List<string>();
        do
        {
            var line = await _process.StandardOutput.ReadLineAsync(_timeout.Token);
            lines.Add(line ?? throw new InvalidOperationException(
                $"The service ended after: {string.Join('\n', lines)}{await _process.StandardError.ReadToEndAsync(_timeout.Token)}"));
        }
        while (!lines[^1].Contains(text, StringComparison.Ordinal));

        return string.Join('\n', lines);
    }

    // The address on which it listens, once it may be ready.
    public async Task<Uri> WaitForAddressAsync() => ParseAddress(await ReadUntilAsync("Application started"));

    // Waits for the process to exit by itself.
    public async Task<(int ExitCode, string Output, string Error)> WaitForExitAsync()
    {
        var output = _process.StandardOutput.ReadToEndAsync(_timeout.Token);
        var error = _process.StandardError.ReadToEndAsync(_timeout.Token);
        await _process.WaitForExitAsync(_timeout.Token);
        return (_process.ExitCode, await output, await error);
    }

    // Waits for the process to exit by itself while nobody reads its output.
    public Task WaitForExitUnreadAsync() => _process.WaitForExitAsync(_timeout.Token);

    // Sends the signal of an operator or a container.
    public Task TerminateAsync() => SignalAsync("TERM");

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(_timeout.Token);
    }

    // What its file descriptors refer to.
    public IEnumerable<string> GetOpenFiles() =>
        Directory.EnumerateFiles($"/proc/{_process.Id}/fd").Select(file => new FileInfo(file).LinkTarget ?? "");

    // Limits the size of its files, in bytes.
    public async Task SetMaxFileSizeAsync(string bytes)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", $"{_process.Id}", $"--fsize={bytes}:"]);
        await prlimit.WaitForExitAsync(_timeout.Token);
        Assert.That(prlimit.ExitCode, Is.Zero);
    }

    // Kills the process, and returns the rest of its output.
    public async Task<string> KillAsync()
    {
        _process.Kill();
        var (_, output, error) = await WaitForExitAsync();
        return output + error;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
        _timeout.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.RightToLeft, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AddressPattern();
}
