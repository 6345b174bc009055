using System.Diagnostics;
using Analytics.Cli.Commands;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Configuration;

namespace Analytics.Cli;

internal static class AnalyticsCommandLine
{
    private static readonly RootCommand Root = new(
        "The operator's commands of Analytics. Settings are environment variables, the same as the service's: Database__Engine, ConnectionStrings__Analytics, Jwt__SigningKeys__0.")
    {
        MigrateCommand.Create(),
        new Command("import", "Imports the platform's exports: organisations first, then spaces and members, then tasks.")
        {
            ImportCatalogueCommand.Organisations(),
            ImportCatalogueCommand.Spaces(),
            ImportMembersCommand.Create(),
            ImportTasksCommand.Create(),
        },
        OrganisationsCommand.Create(),
        SpacesCommand.Create(),
        MembersCommand.Create(),
        new Command("tasks", "Deletes tasks.") { PurgeTasksCommand.Create() },
        VerifyCommand.Create(),
        HealthCommand.Create(),
        TokenCommand.Create(),
        DemoCommand.Create(),
        CommandRun.Environment,
    };

    public static Task<int> Main(string[] args)
    {
        ProcessCulture.SetInvariant();
        var context = CommandContext.OfProcess();
        if (args is not ["health", ..] && context.Settings.FindEngine() != DatabaseEngine.Sqlite)
        {
            YieldToRequests();
        }

        return RunAsync(args, context);
    }

    // An import or a verification on the service's machine must not take the processors that requests wait for. Not on SQLite, where a
    // command without a processor would keep the lock that pushes wait for.
    private static void YieldToRequests()
    {
        using var process = Process.GetCurrentProcess();
        if (process.PriorityClass == ProcessPriorityClass.Normal)
        {
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
    }

    public static async Task<int> RunAsync(string[] args, CommandContext context)
    {
        await using var error = new StandardErrorWriter(context.Error);
        context.Error = error;
        return await Root.Parse(args).InvokeAsync(context);
    }
}
