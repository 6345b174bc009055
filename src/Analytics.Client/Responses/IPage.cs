namespace Analytics.Client;

internal interface IPage
{
    bool HasMore { get; }

    string? Cursor { get; }
}
