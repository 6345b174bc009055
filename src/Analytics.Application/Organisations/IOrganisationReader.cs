namespace Analytics.Application.Organisations;

/// <summary>Reads what a batch of lookups asks for, a row or null for each key, in their order.</summary>
public interface IOrganisationReader
{
    /// <summary>The active organisations with these ids and handles, each for one of its members.</summary>
    Task<IReadOnlyList<ResolvedOrganisation?>> ReadForMembersAsync(IReadOnlyList<MemberKey> keys);

    Task<IReadOnlyList<long?>> ReadIdsAsync(IReadOnlyList<string> handles);
}

public readonly record struct MemberKey(long OrganisationId, string Handle, string UserId);
