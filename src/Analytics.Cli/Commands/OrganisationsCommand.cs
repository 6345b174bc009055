using System.CommandLine;
using System.Globalization;
using Analytics.Application.Administration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Cli.Commands;

internal static class OrganisationsCommand
{
    public static Command Create() => new("organisations", "Lists, archives and erases organisations.") { List(), Archive(), Erase() };

    private static Command List()
    {
        var command = new Command("list", "Lists the organisations, with tabs between the columns.");
        command.SetAction(CommandRunner.WithDatabase(async (_, services, cancellationToken) =>
        {
            var organisations = await services.GetRequiredService<ManageOrganisations>().ListAsync(cancellationToken);
            TsvOutput.Print(
                ["id", "handle", "status", "name"],
                organisations.Select(organisation => new[] { organisation.Id.ToString(CultureInfo.InvariantCulture), organisation.Handle, organisation.Status, organisation.Name }));
            services.WriteAudit("organisations listed", $"organisations {organisations.Count}");
            return ExitCode.Success;
        }));
        return command;
    }

    private static Command Archive()
    {
        var command = new Command("archive", "Archives an organisation: nobody finds it any more, but all of it stays. An import can make it active again.") { OrganisationOption.Required };
        command.SetAction(CommandRunner.WithOrganisation(async (_, services, organisation, cancellationToken) =>
        {
            var word = await services.GetRequiredService<ManageOrganisations>().ArchiveAsync(organisation.Id, cancellationToken) ? "archived" : "unchanged";
            Console.WriteLine($"{organisation.Handle}: {word}");
            services.WriteAudit("organisation archived", organisation.Id, $"{word} 1");
            return ExitCode.Success;
        }));
        return command;
    }

    private static Command Erase()
    {
        var yes = new Option<bool>("--yes") { Description = "Do it. Without this it is only said what would be erased." };
        var command = new Command("erase", "Erases an organisation and everything of it, for good. Killed and run again, it goes on.") { OrganisationOption.Required, yes };
        command.SetAction(CommandRunner.WithOrganisation(async (arguments, services, organisation, cancellationToken) =>
        {
            var erase = services.GetRequiredService<EraseOrganisation>();
            var contents = await erase.CountAsync(organisation.Id, cancellationToken);
            var counts = $"tasks {contents.Tasks}, deleted tasks {contents.Tombstones}, spaces {contents.Spaces}, members {contents.Members}";
            if (!arguments.GetValue(yes))
            {
                services.WriteAudit("organisation counted", organisation.Id, counts);
                throw new UsageException($"{organisation.Handle} would be erased for good: {counts}. Nothing is changed; say --yes to do it.");
            }

            // Before it too: whoever kills it must not go unnamed.
            services.WriteAudit("organisation to be erased", organisation.Id, counts);
            await erase.RunAsync(organisation.Id, cancellationToken);
            Console.WriteLine($"{organisation.Handle}: erased, {counts}");
            services.WriteAudit("organisation erased", organisation.Id, counts);
            return ExitCode.Success;
        }));
        return command;
    }
}
