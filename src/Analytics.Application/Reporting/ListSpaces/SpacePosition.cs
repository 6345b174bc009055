using Analytics.Application.Requests;

namespace Analytics.Application.Reporting.ListSpaces;

/// <summary>A page starts after this space.</summary>
internal sealed record SpacePosition(string Name, string Token)
{
    // No cursor of another list is valid.
    private const string List = "spaces";

    public static SpacePosition? TryParse(string cursor) =>
        CursorText.TryDecode(cursor) is [List, var name, var token]
        && name.Length <= FieldValidator.MaxNameLength
        && StringRules.IsStorable(name)
        && SpaceToken.IsValid(token)
            ? new(name, token)
            : null;

    public override string ToString() => CursorText.Encode($"{List}\n{Name}\n{Token}");
}
