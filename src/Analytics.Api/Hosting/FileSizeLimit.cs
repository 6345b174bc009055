using System.Runtime.InteropServices;

namespace Analytics.Api.Hosting;

/// <summary>A file that may grow no further is a full disk: writes fail and reads go on. Left to itself, the system would end the process.</summary>
internal static class FileSizeLimit
{
    /// <summary>SIGXFSZ, where there are such signals.</summary>
    private const PosixSignal SigXfsz = (PosixSignal)25;

    /// <summary>Until it is disposed of.</summary>
    public static IDisposable? IgnoreSigXfsz() =>
        OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(SigXfsz, signal => signal.Cancel = true);
}
