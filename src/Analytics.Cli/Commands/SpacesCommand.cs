using System.CommandLine;
using System.Globalization;
using Analytics.Application.Administration;
using Analytics.Domain.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Cli.Commands;

internal static class SpacesCommand
{
    public static Command Create() => new("spaces", "Lists and archives the spaces of an organisation.") { List(), Archive() };

    private static Command List()
    {
        var command = new Command("list", "Lists the spaces, with tabs between the columns.") { OrganisationOption.Required };
        command.SetAction(CommandRunner.WithOrganisation(async (_, services, organisation, cancellationToken) =>
        {
            var spaces = await services.GetRequiredService<ManageSpaces>().ListAsync(organisation.Id, cancellationToken);
            TsvOutput.Print(
                ["id", "token", "content_type", "status", "name"],
                spaces.Select(space => new[] { space.Id.ToString(CultureInfo.InvariantCulture), space.Token, space.ContentType, space.Status, space.Name }));
            services.WriteAudit("spaces listed", organisation.Id, $"spaces {spaces.Count}");
            return ExitCode.Success;
        }));
        return command;
    }

    private static Command Archive()
    {
        var space = new Option<string>("--space") { Description = "The space.", HelpName = "TOKEN", Required = true };
        var command = new Command("archive", "Archives a space: it is not found any more, and its tasks count no longer, but they stay. An import can make it active again.")
        {
            OrganisationOption.Required,
            space,
        };
        command.SetAction(CommandRunner.WithOrganisation(async (arguments, services, organisation, cancellationToken) =>
        {
            var token = arguments.GetRequiredValue(space);
            var effect = await services.GetRequiredService<ManageSpaces>().ArchiveAsync(organisation.Id, token, cancellationToken)
                ?? throw new UsageException("--space names no space of the organisation: spaces list shows their tokens.");
            var word = effect == WriteEffect.Unchanged ? "unchanged" : "archived";
            Console.WriteLine($"{organisation.Handle}: space {token} {word}");
            services.WriteAudit("space archived", organisation.Id, $"space {token}, {word} 1");
            return ExitCode.Success;
        }));
        return command;
    }
}
