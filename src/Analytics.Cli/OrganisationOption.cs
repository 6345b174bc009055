using Analytics.Application.Organisations;
using Analytics.Domain.Organisations;

namespace Analytics.Cli;

/// <summary>The organisation that a command is about.</summary>
internal sealed record NamedOrganisation(long Id, string Handle);

/// <summary>Names an organisation by its handle, active or not.</summary>
internal static class OrganisationOption
{
    public static Option<string> Required { get; } =
        new("--organisation") { Description = "The organisation.", HelpName = "HANDLE", Required = true };

    public static async Task<NamedOrganisation> FindAsync(string handle, SpaceReader spaces, CancellationToken cancellationToken) =>
        await spaces.FindOrganisationIdAsync(handle, cancellationToken) is { } id
            ? new NamedOrganisation(id, Handle.Normalize(handle))
            : throw new UsageException("--organisation names no known organisation: import it first.");
}
