using Analytics.Application.Administration;

namespace Analytics.Cli.Commands;

internal static class OrganisationsCommand
{
    public static Command Create() => new("organisations", "Lists, archives and erases organisations.") { List(), Archive(), Erase() };

    private static Command List() => new Command("list", "Lists the organisations, with tabs between the columns.")
        .WithDatabase(async (run, cancellationToken) =>
        {
            var organisations = await run.Get<ManageOrganisations>().ListAsync(cancellationToken);
            run.Audit.Write("organisations listed", $"organisations {organisations.Count}");
            run.PrintTable(
                ["id", "handle", "status", "name"],
                organisations.Select(organisation => new[] {
                    organisation.Id.ToString(CultureInfo.InvariantCulture), organisation.Handle, organisation.Status, organisation.Name }));
            return ExitCode.Success;
        });

    private static Command Archive() =>
        new Command("archive", "Archives an organisation: it is no longer found, but its data stay. An import can make it active again.")
        .WithOrganisation(async (run, organisation, cancellationToken) =>
        {
            var word = await run.Get<ManageOrganisations>().ArchiveAsync(organisation.Id, cancellationToken) ? "archived" : "unchanged";
            return run.Report(organisation, "organisation archived", word, $"{word} 1");
        });

    private static Command Erase()
    {
        var yes = new Option<bool>("--yes") { Description = "Erases. Without this, the command only prints what would be erased." };
        var command = new Command(
            "erase", "Erases an organisation and all its data permanently. If it is killed, run it again: it continues.") { yes };
        return command.WithOrganisation(async (run, organisation, cancellationToken) =>
        {
            var erase = run.Get<EraseOrganisation>();
            var contents = await erase.CountAsync(organisation.Id, cancellationToken);
            var counts =
                $"tasks {contents.Tasks}, deleted tasks {contents.Tombstones}, spaces {contents.Spaces}, members {contents.Members}";
            if (!run.Arguments.GetValue(yes))
            {
                run.Audit.Write("erase previewed", organisation.Id, counts);
                throw new UsageException(
                    $"{organisation.Handle} would be erased permanently: {counts}. Nothing is changed; pass --yes to erase it.");
            }

            // Also before the erasure, because a killed command writes no other record.
            run.Audit.Write("erase started", organisation.Id, counts);
            await erase.RunAsync(organisation.Id, cancellationToken);
            return run.Report(organisation, "organisation erased", $"erased, {counts}", counts);
        });
    }
}
