namespace Analytics.Client;

/// <summary>How to follow a report.</summary>
public sealed record FollowOptions
{
    /// <summary>The <see cref="AnalyticsEvent.Id"/> of the last event that was seen, to go on behind it.</summary>
    public string? LastEventId { get; init; }

    /// <summary>Called when the connection changes, with the error that ended it, if any.</summary>
    public Action<StreamState, AnalyticsException?>? OnState { get; init; }
}

/// <summary>The connection of a live report.</summary>
public enum StreamState
{
    /// <summary>The stream is being opened.</summary>
    Connecting,

    /// <summary>The stream is open.</summary>
    Live,

    /// <summary>The stream has ended and is opened again after a pause.</summary>
    Waiting,
}

/// <summary>A change of a live report.</summary>
/// <param name="Id">The state that it shows, for <see cref="FollowOptions.LastEventId"/>.</param>
/// <param name="Data">The report; null if something else of the organisation has changed.</param>
public sealed record AnalyticsEvent(string Id, AnalyticsData? Data);
