using Analytics.Application;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Cli;

/// <summary>One run of a command: its arguments, its context and, once a database is open, the use cases over it.</summary>
internal sealed class CommandRun : IAsyncDisposable
{
    public static readonly Option<string?> Environment = new("--environment")
    {
        Description = "The environment, instead of DOTNET_ENVIRONMENT or ASPNETCORE_ENVIRONMENT.",
        HelpName = "NAME",
        Recursive = true,
    };

    private ServiceProvider? _services;

    public CommandRun(ParseResult arguments)
    {
        Arguments = arguments;
        Context = (CommandContext)arguments.InvocationConfiguration;
        Audit = new OperatorAuditLog(Context);
    }

    public ParseResult Arguments { get; }

    public CommandContext Context { get; }

    public OperatorAuditLog Audit { get; }

    public TextWriter Output => Context.Output;

    /// <summary>The settings and, in Development, the defaults of what is missing.</summary>
    public IConfiguration ReadSettings()
    {
        UnknownSettings.Reject(Context.Settings);
        var environment = Arguments.GetValue(Environment) ?? Context.Environment;
        if (!string.Equals(environment, "Development", StringComparison.OrdinalIgnoreCase))
        {
            return Context.Settings;
        }

        var builder = new ConfigurationBuilder().AddConfiguration(Context.Settings);
        DevelopmentDefaults.AddTo(builder, Context.Settings);
        return builder.Build();
    }

    public void OpenDatabase(DatabaseSettings database) =>
        _services = new ServiceCollection().AddSingleton(TimeProvider.System).AddDatabase(database).AddIngestion().BuildServiceProvider();

    public T Get<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    /// <summary>Tab-separated rows under a header; no field contains a tab.</summary>
    public void PrintTable(string[] columns, IEnumerable<string[]> rows)
    {
        foreach (var row in rows.Prepend(columns))
        {
            Output.WriteLine(string.Join('\t', row));
        }
    }

    /// <summary>Audits and prints what a command did to an organisation: what is done is recorded, although printing may fail.</summary>
    public int Report(NamedOrganisation organisation, string action, string output, string counts)
    {
        Audit.Write(action, organisation.Id, counts);
        Output.WriteLine($"{organisation.Handle}: {output}");
        return ExitCode.Success;
    }

    public void Reject(RejectedLine line) => new RejectsFile(Context).Write(line);

    /// <summary>The last line of an import, and its exit code.</summary>
    public int PrintSummary(string written, long rejected)
    {
        Output.WriteLine($"{written}, rejected {rejected}");
        return rejected == 0 ? ExitCode.Success : ExitCode.SomeRejected;
    }

    public ValueTask DisposeAsync() => _services?.DisposeAsync() ?? ValueTask.CompletedTask;
}
