namespace Analytics.Api.Exports;

/// <summary>The limits of exports (<c>Exports:*</c>).</summary>
public sealed record ExportSettings
{
    /// <summary><c>Exports:SpoolFolder</c>: the system's temporary folder by default.</summary>
    public string SpoolFolder { get; init; } = Path.GetTempPath();

    /// <summary><c>Exports:MaxSpoolBytes</c>: of all spools of the instance, at most half for one organisation.</summary>
    public long MaxSpoolBytes { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary><c>Exports:MaxConcurrent</c>: exports whose statement is being read, one per organisation.</summary>
    public int MaxConcurrent { get; init; } = 4;

    /// <summary><c>Exports:MaxDownloadMinutes</c>: after its spool is complete, a client that has not finished is disconnected.</summary>
    public int MaxDownloadMinutes { get; init; } = 30;

    internal TimeSpan MaxDownloadTime => TimeSpan.FromMinutes(MaxDownloadMinutes);
}
