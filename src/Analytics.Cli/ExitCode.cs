namespace Analytics.Cli;

/// <summary>What a command tells the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>It could not run; for <c>verify</c>, something differs.</summary>
    public const int Failed = 1;

    /// <summary>It ran, and some lines were rejected.</summary>
    public const int SomeRejected = 2;
}
