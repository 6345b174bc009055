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
        command.SetAction(CommandRunner.WithOrganisation(async (_, services, organisation, cancellationToken) =>
        {
            var members = await services.GetRequiredService<ManageMembers>().ListAsync(organisation.Id, cancellationToken);
            TsvOutput.Print(["user_id", "role"], members.Select(member => new[] { member.UserId, member.Role }));
            services.WriteAudit("members listed", organisation.Id, $"members {members.Count}");
            return ExitCode.Success;
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
        command.SetAction(CommandRunner.WithOrganisation(async (arguments, services, organisation, cancellationToken) =>
        {
            var userId = UserOption.Read(arguments);
            var effect = await services.GetRequiredService<ManageMembers>().AddAsync(organisation.Id, userId, ParseRole(arguments.GetValue(role)), cancellationToken);
            return Done(services, "member added", organisation, userId, effect switch
            {
                WriteEffect.Inserted => "added",
                WriteEffect.Updated => "changed",
                WriteEffect.Unchanged => "unchanged",
            });
        }));
        return command;
    }

    private static Command Remove()
    {
        var command = new Command("remove", "Takes a user's membership away.") { OrganisationOption.Required, UserOption.Required("The member.") };
        command.SetAction(CommandRunner.WithOrganisation(async (arguments, services, organisation, cancellationToken) =>
        {
            var userId = UserOption.Read(arguments);
            var isRemoved = await services.GetRequiredService<ManageMembers>().RemoveAsync(organisation.Id, userId, cancellationToken);
            return Done(services, "member removed", organisation, userId, isRemoved ? "removed" : "unchanged");
        }));
        return command;
    }

    private static string? ParseRole(string? given)
    {
        var rules = new FieldValidator();
        var role = rules.OptionalString("--role", given)?.Trim();
        return rules.Error is { } broken ? throw new UsageException(broken) : role;
    }

    private static int Done(IServiceProvider services, string action, NamedOrganisation organisation, string userId, string effect)
    {
        Console.WriteLine($"{organisation.Handle}: member {userId} {effect}");
        services.WriteAudit(action, organisation.Id, $"user {userId}, {effect} 1");
        return ExitCode.Success;
    }
}
