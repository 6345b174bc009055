using Analytics.Application.Administration;
using Analytics.Domain.Tasks;

namespace Analytics.Cli.Commands;

internal static class SpacesCommand
{
    public static Command Create() => new("spaces", "Lists and archives the spaces of an organisation.") { List(), Archive() };

    private static Command List() => new Command("list", "Lists the spaces, with tabs between the columns.")
        .WithOrganisation(async (run, organisation, cancellationToken) =>
        {
            var spaces = await run.Get<ManageSpaces>().ListAsync(organisation.Id, cancellationToken);
            run.Audit.Write("spaces listed", organisation.Id, $"spaces {spaces.Count}");
            run.PrintTable(
                ["id", "token", "content_type", "status", "name"],
                spaces.Select(space =>
                    new[] { space.Id.ToString(CultureInfo.InvariantCulture), space.Token, space.ContentType, space.Status, space.Name }));
            return ExitCode.Success;
        });

    private static Command Archive()
    {
        var space = new Option<string>("--space") { Description = "The space.", HelpName = "TOKEN", Required = true };
        var command = new Command("archive",
            "Archives a space: it is no longer found, and its tasks stay but no longer count. An import can make it active again.")
        {
            space,
        };
        return command.WithOrganisation(async (run, organisation, cancellationToken) =>
        {
            var token = run.Arguments.GetRequiredValue(space);
            var effect = await run.Get<ManageSpaces>().ArchiveAsync(organisation.Id, token, cancellationToken)
                ?? throw new UsageException("--space names no space of the organisation: spaces list shows their tokens.");
            var word = effect == WriteEffect.Unchanged ? "unchanged" : "archived";
            return run.Report(organisation, "space archived", $"space {token} {word}", $"space {token}, {word} 1");
        });
    }
}
