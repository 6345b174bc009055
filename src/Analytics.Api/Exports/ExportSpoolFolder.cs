using System.Runtime.InteropServices;
using Analytics.Api.Errors;
using Analytics.Application.Concurrency;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.Exports;

/// <summary>Creates spools and limits their bytes: in all, and to half of that for one organisation.</summary>
public sealed class ExportSpoolFolder(ExportSettings settings)
{
    // With less space on the disk an export would probably fail midway.
    private const long MinFreeBytes = 64 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, long> _bytesByOrganisation = [];
    private long _bytes;

    /// <exception cref="ConfigurationException">The folder is not writable.</exception>
    public void Validate()
    {
        try
        {
            CreateFile().Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                $"{SettingKeys.SpoolFolder} must be a writable folder, and {settings.SpoolFolder} is not.");
        }
    }

    /// <exception cref="OverloadedException">There is no space for a further spool.</exception>
    internal ExportSpool Create(long organisationId)
    {
        var hasSpace = HasSpaceFor(organisationId, bytes: 1) && new DriveInfo(settings.SpoolFolder).AvailableFreeSpace >= MinFreeBytes;
        return hasSpace ? new ExportSpool(CreateFile(), this, organisationId) : throw new OverloadedException();
    }

    internal void Reserve(long organisationId, long bytes)
    {
        lock (_lock)
        {
            if (!HasSpaceFor(organisationId, bytes))
            {
                throw new SpoolFullException(
                    $"An export needs more than {SettingKeys.MaxSpoolBytes} allows (half of it for one organisation).");
            }

            _bytes += bytes;
            CollectionsMarshal.GetValueRefOrAddDefault(_bytesByOrganisation, organisationId, out _) += bytes;
        }
    }

    internal void Release(long organisationId, long bytes)
    {
        lock (_lock)
        {
            _bytes -= bytes;
            if ((CollectionsMarshal.GetValueRefOrAddDefault(_bytesByOrganisation, organisationId, out _) -= bytes) == 0)
            {
                _bytesByOrganisation.Remove(organisationId);
            }
        }
    }

    private bool HasSpaceFor(long organisationId, long bytes)
    {
        lock (_lock)
        {
            return _bytes + bytes <= settings.MaxSpoolBytes
                && _bytesByOrganisation.GetValueOrDefault(organisationId) + bytes <= OrganisationShare.Of(settings.MaxSpoolBytes);
        }
    }

    // Only the process can open the file, and the system frees its space when the process ends, however that happens.
    private FileStream CreateFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 0 }.CreatePrivate();
        if (OperatingSystem.IsWindows())
        {
            options.Options = FileOptions.DeleteOnClose;
        }

        var file = new FileStream(Path.Combine(settings.SpoolFolder, $"analytics-export-{Guid.NewGuid():N}"), options);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(file.Name);
        }

        return file;
    }
}
