namespace Analytics.Infrastructure;

/// <summary>What one copy of the service takes of a server, where the connection string does not say otherwise.</summary>
internal static class ServerLimits
{
    /// <summary>Enough for one copy; the server's own limit is shared by all copies.</summary>
    public const int ReadingConnections = 32;

    /// <summary>Writers of one organisation queue for its version anyway.</summary>
    public const int WritingConnections = 8;

    /// <summary>A question whose connection takes longer is a 503.</summary>
    public const int ConnectSeconds = 2;

    /// <summary>A question that takes longer is a 503.</summary>
    public const int QuestionSeconds = 3;

    /// <summary>A writer waits for its turn: its batch is not asked for again by anyone.</summary>
    public const int TurnSeconds = 30;
}
