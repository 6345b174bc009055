using System.Diagnostics;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests.Support;

/// <summary>What a command printed, and its exit code.</summary>
internal sealed record CommandResult(int ExitCode, string StandardOutput, string StandardError);

/// <summary>Runs the operator's commands as an operator does: a process of their own.</summary>
internal sealed class CommandLine(DatabaseSettings database, string signingKey = Tokens.SigningKey)
{
    public async Task<CommandResult> RunAsync(IEnumerable<string> arguments, string input = "")
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, await output, await error);
    }

    public Process Start(IEnumerable<string> arguments)
    {
        var startInfo = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "analytics.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        startInfo.Environment["DOTNET_ENVIRONMENT"] = "Production";
        startInfo.Environment["Database__Engine"] = $"{database.Engine}";
        startInfo.Environment["ConnectionStrings__Analytics"] = database.ConnectionString;
        startInfo.Environment["Jwt__SigningKeys__0"] = signingKey;
        return Process.Start(startInfo)!;
    }
}
