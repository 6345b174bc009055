using System.Diagnostics;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests.Support;

/// <summary>What a command printed, and its exit code.</summary>
internal sealed record Output(int ExitCode, string Text, string Errors);

/// <summary>Runs the operator's commands as an operator does: a process of their own.</summary>
internal sealed class CommandLine(DatabaseSettings database, string signingKey = Tokens.Key)
{
    public async Task<Output> RunAsync(IEnumerable<string> arguments, string input = "")
    {
        using var process = Start(arguments);
        var text = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new Output(process.ExitCode, await text, await errors);
    }

    public Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "analytics.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        start.Environment["Database__Engine"] = $"{database.Engine}";
        start.Environment["ConnectionStrings__Analytics"] = database.ConnectionString;
        start.Environment["Jwt__SigningKeys__0"] = signingKey;
        return Process.Start(start)!;
    }
}
