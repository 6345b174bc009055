using System.Runtime.InteropServices;

namespace Analytics.Api.Hosting;

/// <summary>
/// SIGXFSZ ends a process whose file exceeds the size limit. If it is ignored, the write fails as on a full disk and reads
/// stay available.
/// </summary>
internal static class FileSizeLimit
{
    private const PosixSignal SigXfsz = (PosixSignal)25;

    public static IDisposable? IgnoreSigXfsz() =>
        OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(SigXfsz, signal => signal.Cancel = true);
}
