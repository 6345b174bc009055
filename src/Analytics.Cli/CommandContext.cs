using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.Configuration;

namespace Analytics.Cli;

/// <summary>The settings, input and output of a command: those of the process, or of a test.</summary>
internal sealed class CommandContext(IConfiguration settings, string? environment, Func<Stream> openInput, bool isErrorTerminal)
    : InvocationConfiguration
{
    /// <summary>The sources and their order are those of the service, without its files and arguments.</summary>
    public static CommandContext OfProcess()
    {
        var hostSettings = new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables("DOTNET_").Build();
        var settings = new ConfigurationBuilder().AddConfiguration(hostSettings).AddEnvironmentVariables().Build();
        return new(settings, hostSettings["ENVIRONMENT"], Console.OpenStandardInput, isErrorTerminal: !Console.IsErrorRedirected);
    }

    public IConfiguration Settings => settings;

    /// <summary>Whether the settings name SQLite, the default. Names that do not exist are refused later.</summary>
    public bool IsSqlite => settings[SettingKeys.Engine] is not { Length: > 0 } engine
        || engine.Equals(nameof(DatabaseEngine.Sqlite), StringComparison.OrdinalIgnoreCase);

    /// <summary><c>DOTNET_ENVIRONMENT</c> or <c>ASPNETCORE_ENVIRONMENT</c>.</summary>
    public string? Environment => environment;

    public bool IsErrorTerminal => isErrorTerminal;

    public Stream OpenInput() => openInput();
}
