using Analytics.Application.Requests;

namespace Analytics.Application.Reporting.ListOrganisations;

/// <summary>A page starts after this organisation.</summary>
internal sealed record OrganisationPosition(string Handle)
{
    // No cursor of another list is valid.
    private const string List = "organisations";

    public static OrganisationPosition? TryParse(string cursor) =>
        CursorText.TryDecode(cursor) is [List, var handle]
        && Domain.Organisations.Handle.IsValid(handle)
        && Domain.Organisations.Handle.Normalize(handle) == handle
            ? new(handle)
            : null;

    public override string ToString() => CursorText.Encode($"{List}\n{Handle}");
}
