using Analytics.Application.Administration;
using Analytics.Domain.Tasks;

namespace Analytics.Cli.Commands;

internal static class MembersCommand
{
    public static Command Create() =>
        new("members", "Lists and changes the members of an organisation. A change applies to the next request.") {
            List(), Add(), Remove() };

    private static Command List() => new Command("list", "Lists the members, with tabs between the columns.")
        .WithOrganisation(async (run, organisation, cancellationToken) =>
        {
            var members = await run.Get<ManageMembers>().ListAsync(organisation.Id, cancellationToken);
            run.Audit.Write("members listed", organisation.Id, $"members {members.Count}");
            run.PrintTable(["user_id", "role"], members.Select(member => new[] { member.UserId, member.Role }));
            return ExitCode.Success;
        });

    private static Command Add()
    {
        var role = new Option<string?>("--role")
        {
            Description =
                $"Such as owner, editor or viewer. Without it, a new member is a {ManageMembers.DefaultRole}, and an existing member keeps the role.",
            HelpName = "ROLE",
        };
        var command = new Command("add", "Adds a member, or changes a member's role.") { UserOption.Required("The user."), role };
        return command.WithOrganisation(async (run, organisation, cancellationToken) =>
        {
            var userId = UserOption.Read(run.Arguments);
            var effect = await run.Get<ManageMembers>()
                .AddAsync(organisation.Id, userId, ParseRole(run.Arguments.GetValue(role)), cancellationToken);
            return Report(run, "member added", organisation, userId, effect switch
            {
                WriteEffect.Inserted => "added",
                WriteEffect.Updated => "changed",
                WriteEffect.Unchanged => "unchanged",
            });
        });
    }

    private static Command Remove() => new Command("remove", "Removes a member.") { UserOption.Required("The member.") }
        .WithOrganisation(async (run, organisation, cancellationToken) =>
        {
            var userId = UserOption.Read(run.Arguments);
            var isRemoved = await run.Get<ManageMembers>().RemoveAsync(organisation.Id, userId, cancellationToken);
            return Report(run, "member removed", organisation, userId, isRemoved ? "removed" : "unchanged");
        });

    private static string? ParseRole(string? given)
    {
        var rules = new FieldValidator();
        var role = rules.OptionalString("--role", given)?.Trim();
        return rules.Error is { } broken ? throw new UsageException(broken) : role;
    }

    private static int Report(CommandRun run, string action, NamedOrganisation organisation, string userId, string effect) =>
        run.Report(organisation, action, $"member {userId} {effect}", $"user {userId}, {effect} 1");
}
