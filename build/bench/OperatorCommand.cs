using System.Diagnostics;
using Analytics.Infrastructure.Configuration;

namespace Analytics.Bench;

/// <summary>Runs an operator's command in a process of its own.</summary>
internal static class OperatorCommand
{
    /// <summary>Kills the process when it is cancelled.</summary>
    /// <exception cref="InvalidOperationException">The command failed.</exception>
    public static async Task RunAsync(DatabaseSettings database, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        // The command's packages are in this program's folder, or in the web framework that it uses.
        var own = Path.ChangeExtension(typeof(OperatorCommand).Assembly.Location, null);
        string[] commandLine =
        [
            "exec", "--runtimeconfig", $"{own}.runtimeconfig.json", "--depsfile", $"{own}.deps.json",
            Path.Combine(AppContext.BaseDirectory, "analytics.dll"), .. arguments,
        ];
        var start = new ProcessStartInfo("dotnet", commandLine)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in (IEnumerable<(string, string)>)
            [(SettingKeys.Engine, $"{database.Engine}"), (SettingKeys.ConnectionString, database.ConnectionString)])
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await output;
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"analytics {string.Join(' ', arguments)} failed: {await errors}");
        }
    }
}
