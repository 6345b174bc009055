using System.Text.RegularExpressions;

namespace Analytics.Domain.Organisations;

/// <summary>A member's user id. It is text: the JSON values 7 and "7" name the same user.</summary>
public static partial class UserId
{
    public const int MaxLength = 128;

    public const string ValidationMessage = "must be 1-128 characters without control characters.";

    public static bool IsValid(string userId) => userId.Length is > 0 and <= MaxLength && StringRules.IsStorable(userId);

    /// <summary>
    /// Whether a spreadsheet or a script seems to have replaced the id: <c>7.0</c>, <c>1.23E+15</c>, <c>nan</c>, <c>None</c>,
    /// <c>#REF!</c>.
    /// </summary>
    public static bool LooksAltered(string userId) => AlteredId().IsMatch(userId);

    [GeneratedRegex(
        @"^([+-]?[0-9]+[.,]0*|[+-]?[0-9]+([.,][0-9]+)?E[+-]?[0-9]+|nan|none|null|nil|undefined|\\N|#?n/a|#[a-z0-9/]+[!?]|#+)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex AlteredId();
}
