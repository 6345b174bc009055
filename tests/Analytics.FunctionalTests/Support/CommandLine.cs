using System.Diagnostics;
using System.Text;
using Analytics.Cli;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.Configuration;

namespace Analytics.FunctionalTests.Support;

/// <summary>The output of a command, and its exit code.</summary>
internal sealed record CommandResult(int ExitCode, string StandardOutput, string StandardError);

/// <summary>Runs the operator's commands on a database.</summary>
internal sealed class CommandLine(
    DatabaseSettings database, string signingKey = Tokens.SigningKey, params (string Key, string Value)[] settings)
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "analytics.dll");

    private readonly Dictionary<string, string?> _settings = new(
        settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
    {
        ["DOTNET_ENVIRONMENT"] = "Production",
        ["Database:Engine"] = $"{database.Engine}",
        ["ConnectionStrings:Analytics"] = database.ConnectionString,
        ["Jwt:SigningKeys:0"] = signingKey,
    };

    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    // The same with one more setting. A name that is not a setting's key is a variable of the process's environment.
    public CommandLine With(string key, string? value)
    {
        _settings[key] = value;
        return this;
    }

    // In this process, which is much faster than a new one.
    public async Task<CommandResult> RunAsync(IEnumerable<string> arguments, string input = "", TextWriter? standardError = null)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(_settings).Build();
        var context = new CommandContext(
            configuration, "Production", () => new MemoryStream(Encoding.UTF8.GetBytes(input)), isErrorTerminal: false)
        {
            Output = TextWriter.Synchronized(output),
            Error = standardError ?? TextWriter.Synchronized(error),
            ProcessTerminationTimeout = null,
        };
        var exitCode = await Task.Run(() => AnalyticsCommandLine.RunAsync([.. arguments], context));
        return new CommandResult(exitCode, $"{output}", $"{error}");
    }

    // In a new process, as an operator does.
    public async Task<CommandResult> RunProcessAsync(IEnumerable<string> arguments, string input = "")
    {
        using var process = Start(arguments);
        var text = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, await text, await errors);
    }

    // In a shell, which redirects the output; the exit code is that of the command.
    public async Task<CommandResult> RunInShellAsync(IEnumerable<string> arguments, string redirection)
    {
        using var process = Start("bash", ["-c", $"set -o pipefail; dotnet \"$@\" {redirection}", "bash", Program, .. arguments]);
        process.StandardInput.Close();
        var text = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, await text, await errors);
    }

    public Process Start(IEnumerable<string> arguments) => Start("dotnet", [Program, .. arguments]);

    private Process Start(string fileName, IEnumerable<string> arguments)
    {
        var startInfo = new ProcessStartInfo(fileName, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in _settings)
        {
            startInfo.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return Process.Start(startInfo)!;
    }
}
