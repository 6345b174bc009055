namespace Analytics.Cli;

/// <summary>The exit codes of all commands.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The command could not run, <c>verify</c> found a difference or verified nothing, or a replacement of members was rejected.</summary>
    public const int Failed = 1;

    /// <summary>The import ran, and some lines were rejected.</summary>
    public const int SomeRejected = 2;
}
