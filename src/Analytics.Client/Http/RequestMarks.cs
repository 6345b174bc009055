namespace Analytics.Client;

/// <summary>What the handlers of a request must know about it.</summary>
internal static class RequestMarks
{
    private static readonly HttpRequestOptionsKey<bool> Streamed = new("Analytics.Client.Streamed");
    private static readonly HttpRequestOptionsKey<bool> Live = new("Analytics.Client.Live");

    // The body is read while it arrives.
    public static bool IsStreamed(HttpRequestMessage request) => request.Options.TryGetValue(Streamed, out var value) && value;

    // The caller reconnects by its own rules.
    public static bool IsLive(HttpRequestMessage? request) =>
        request is not null && request.Options.TryGetValue(Live, out var value) && value;

    public static void Set(HttpRequestMessage request, bool isStreamed, bool isLive)
    {
        request.Options.Set(Streamed, isStreamed);
        request.Options.Set(Live, isLive);
    }
}
