namespace Analytics.Domain.Organisations;

/// <summary>A member's user id. It is text: 7 and "7" are one user.</summary>
public static class UserId
{
    /// <summary>The longest user id, in characters.</summary>
    public const int MaxLength = 128;

    /// <summary>The rule, as the end of a sentence that begins with the input's name.</summary>
    public const string ValidationMessage = "must be 1-128 characters without control characters.";

    /// <summary>1–128 characters that every database can compare: no control characters, no unpaired surrogates.</summary>
    public static bool IsValid(string userId) => userId.Length is > 0 and <= MaxLength && StringRules.IsStorable(userId);
}
