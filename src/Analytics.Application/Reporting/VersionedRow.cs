using Analytics.Application.Organisations;

namespace Analytics.Application.Reporting;

/// <summary>A row with the organisation's version and the number of spaces that the filter selects.</summary>
internal record VersionedRow
{
    public long Revision { get; init; }
    public string Stamp { get; init; } = "";
    public long Spaces { get; init; }

    public OrganisationVersion Version => new(Revision, Stamp);

    /// <summary>Without a row there is no organisation, and without a space the token is that of none.</summary>
    public static T Require<T>(T? row, string? spaceToken)
        where T : VersionedRow => row switch
    {
        null => throw new OrganisationNotFoundException(),
        { Spaces: 0 } when spaceToken is not null => throw new SpaceNotFoundException(),
        _ => row,
    };
}
