namespace Analytics.Domain.Organisations;

/// <summary>A member's user id. It is text: the JSON values 7 and "7" name the same user.</summary>
public static class UserId
{
    public const int MaxLength = 128;

    public const string ValidationMessage = "must be 1-128 characters without control characters.";

    public static bool IsValid(string userId) => userId.Length is > 0 and <= MaxLength && StringRules.IsStorable(userId);
}
