using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.Configuration;

namespace Analytics.Cli;

/// <summary>The settings, input and output of a command: those of the process, or of a test.</summary>
internal sealed class CommandContext(IConfiguration settings, Func<Stream> openInput, bool isErrorTerminal) : InvocationConfiguration
{
    private const string EnvironmentKey = "DOTNET_ENVIRONMENT";

    public static CommandContext OfProcess() =>
        new(new ConfigurationBuilder().AddEnvironmentVariables().Build(), Console.OpenStandardInput,
            isErrorTerminal: !Console.IsErrorRedirected);

    public bool IsErrorTerminal => isErrorTerminal;

    public Stream OpenInput() => openInput();

    /// <summary>The settings and, in Development, the defaults of what is missing.</summary>
    public IConfiguration ReadSettings()
    {
        UnknownSettings.Reject(settings);
        if (settings[EnvironmentKey] != "Development")
        {
            return settings;
        }

        var builder = new ConfigurationBuilder().AddConfiguration(settings);
        DevelopmentDefaults.AddTo(builder, settings);
        return builder.Build();
    }
}
