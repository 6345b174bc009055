using System.CommandLine;
using Analytics.Application.Administration;
using Analytics.Domain;
using Analytics.Domain.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Cli.Commands;

internal static class MembersCommand
{
    public static Command Create() => new("members", "Lists and changes the members of an organisation. A change shows in the next request.") { List(), Add(), Remove() };

    private static Command List()
    {
        var command = new Command("list", "Lists the members, with tabs between the columns.") { OrganisationOption.Required };
        command.SetAction(Operation.OverOrganisation(async (_, services, organisation, cancellationToken) =>
        {
            var members = await services.GetRequiredService<ManageMembers>().ListAsync(organisation.Id, cancellationToken);
            Listing.Print(["user_id", "role"], members.Select(member => new[] { member.UserId, member.Role }));
            services.Audited("members listed", organisation.Id, $"members {members.Count}");
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Add()
    {
        var role = new Option<string?>("--role")
        {
            Description = $"Such as owner, editor or viewer. Unless given, a new member is a {ManageMembers.DefaultRole}, and another keeps the role that it has.",
            HelpName = "ROLE",
        };
        var command = new Command("add", "Makes a user a member, or gives a member another role.") { OrganisationOption.Required, UserOption.Required("The user."), role };
        command.SetAction(Operation.OverOrganisation(async (arguments, services, organisation, cancellationToken) =>
        {
            var userId = UserOption.Read(arguments);
            var effect = await services.GetRequiredService<ManageMembers>().AddAsync(organisation.Id, userId, RoleOf(arguments.GetValue(role)), cancellationToken);
            return Done(services, "member added", organisation, userId, effect switch
            {
                Effect.Inserted => "added",
                Effect.Updated => "changed",
                Effect.Unchanged => "unchanged",
            });
        }));
        return command;
    }

    private static Command Remove()
    {
        var command = new Command("remove", "Takes a user's membership away.") { OrganisationOption.Required, UserOption.Required("The member.") };
        command.SetAction(Operation.OverOrganisation(async (arguments, services, organisation, cancellationToken) =>
        {
            var userId = UserOption.Read(arguments);
            var isRemoved = await services.GetRequiredService<ManageMembers>().RemoveAsync(organisation.Id, userId, cancellationToken);
            return Done(services, "member removed", organisation, userId, isRemoved ? "removed" : "unchanged");
        }));
        return command;
    }

    private static string? RoleOf(string? given)
    {
        var rules = new FieldRules();
        var role = rules.Word("--role", given)?.Trim();
        return rules.Reason is { } broken ? throw new UsageException(broken) : role;
    }

    private static int Done(IServiceProvider services, string action, NamedOrganisation organisation, string userId, string effect)
    {
        Console.WriteLine($"{organisation.Handle}: member {userId} {effect}");
        services.Audited(action, organisation.Id, $"user {userId}, {effect} 1");
        return ExitCode.Done;
    }
}
