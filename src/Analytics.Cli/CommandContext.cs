using System.CommandLine;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.Configuration;

namespace Analytics.Cli;

/// <summary>Where a command reads its settings and input, and where it writes. A process has its own; so has each test.</summary>
internal sealed class CommandContext(IConfiguration settings, Func<Stream> openInput, bool isErrorTerminal) : InvocationConfiguration
{
    private const string EnvironmentKey = "DOTNET_ENVIRONMENT";

    public static CommandContext OfProcess() =>
        new(new ConfigurationBuilder().AddEnvironmentVariables().Build(), Console.OpenStandardInput, isErrorTerminal: !Console.IsErrorRedirected);

    public bool IsErrorTerminal => isErrorTerminal;

    public Stream OpenInput() => openInput();

    /// <summary>The settings and, in Development, the defaults of what is missing.</summary>
    public IConfiguration ReadSettings()
    {
        if (settings[EnvironmentKey] != "Development")
        {
            return settings;
        }

        var builder = new ConfigurationBuilder().AddConfiguration(settings);
        DevelopmentDefaults.AddTo(builder, settings);
        return builder.Build();
    }

    /// <summary>Writes a line to standard error. If that fails (closed, disk full), the command continues and its exit code tells.</summary>
    public void WriteError(string line)
    {
        try
        {
            Error.WriteLine(line);
        }
        catch (IOException)
        {
        }
    }
}
