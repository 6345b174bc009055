using Analytics.Application.Demo;

namespace Analytics.Cli.Commands;

internal static class DemoCommand
{
    public static Command Create() => new Command("demo", "Loads the documented organisation of the demo, or moves its times to the present.")
        .WithDatabase(async (run, cancellationToken) =>
        {
            var (tasks, error) = await run.Get<DemoData>().LoadAsync(cancellationToken);
            if (error is not null)
            {
                throw new UsageException($"The demo is not loaded: {error}");
            }

            run.Audit.Write("demo loaded", DemoData.OrganisationId, $"tasks {tasks}");
            run.Output.WriteLine(
                $"The demo is loaded: organisation {DemoData.Handle}, {tasks} tasks, member {DemoData.UserId}. Its documented space is {DemoData.SpaceToken}.");
            return ExitCode.Success;
        });
}
