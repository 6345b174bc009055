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
        command.SetAction(Operation.OverDatabase(async (_, services, cancellationToken) =>
        {
            var organisations = await services.GetRequiredService<ManageOrganisations>().ListAsync(cancellationToken);
            Listing.Print(
                ["id", "handle", "status", "name"],
                organisations.Select(organisation => new[] { organisation.Id.ToString(CultureInfo.InvariantCulture), organisation.Handle, organisation.Status, organisation.Name }));
            services.Audited("organisations listed", $"organisations {organisations.Count}");
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Archive()
    {
        var command = new Command("archive", "Archives an organisation: nobody finds it any more, but all of it stays. An import can make it active again.") { OrganisationOption.Required };
        command.SetAction(Operation.OverOrganisation(async (_, services, organisation, cancellationToken) =>
        {
            var word = await services.GetRequiredService<ManageOrganisations>().ArchiveAsync(organisation.Id, cancellationToken) ? "archived" : "unchanged";
            Console.WriteLine($"{organisation.Handle}: {word}");
            services.Audited("organisation archived", organisation.Id, $"{word} 1");
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Erase()
    {
        var yes = new Option<bool>("--yes") { Description = "Do it. Without this it is only said what would be erased." };
        var command = new Command("erase", "Erases an organisation and everything of it, for good. Killed and run again, it goes on.") { OrganisationOption.Required, yes };
        command.SetAction(Operation.OverOrganisation(async (arguments, services, organisation, cancellationToken) =>
        {
            var erase = services.GetRequiredService<EraseOrganisation>();
            var contents = await erase.CountAsync(organisation.Id, cancellationToken);
            var counts = $"tasks {contents.Tasks}, deleted tasks {contents.Tombstones}, spaces {contents.Spaces}, members {contents.Members}";
            if (!arguments.GetValue(yes))
            {
                services.Audited("organisation counted", organisation.Id, counts);
                throw new UsageException($"{organisation.Handle} would be erased for good: {counts}. Nothing is changed; say --yes to do it.");
            }

            // Before it too: whoever kills it must not go unnamed.
            services.Audited("organisation to be erased", organisation.Id, counts);
            await erase.RunAsync(organisation.Id, cancellationToken);
            Console.WriteLine($"{organisation.Handle}: erased, {counts}");
            services.Audited("organisation erased", organisation.Id, counts);
            return ExitCode.Done;
        }));
        return command;
    }
}
