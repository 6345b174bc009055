using System.CommandLine;
using Analytics.Application.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Cli.Commands;

internal static class DemoCommand
{
    public static Command Create()
    {
        var command = new Command("demo", "Loads the demo's organisation, or brings its times up to the present.");
        command.SetAction(CommandRunner.WithDatabase(async (_, services, cancellationToken) =>
        {
            var (tasks, refused) = await services.GetRequiredService<DemoData>().LoadAsync(cancellationToken);
            if (refused is not null)
            {
                throw new UsageException($"The demo is not loaded: {refused}");
            }

            services.WriteAudit("demo loaded", DemoData.OrganisationId, $"tasks {tasks}");
            Console.WriteLine($"The demo is loaded: organisation {DemoData.Handle}, {tasks} tasks, member {DemoData.UserId}. Its documented space is {DemoData.SpaceToken}.");
            return ExitCode.Success;
        }));
        return command;
    }
}
