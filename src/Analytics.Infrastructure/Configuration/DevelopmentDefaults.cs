using System.Security.Cryptography;

namespace Analytics.Infrastructure.Configuration;

/// <summary>
/// Defaults of the Development environment, for the service and the commands: a database and a signing key in a folder
/// that git ignores. No other environment has defaults.
/// </summary>
public static class DevelopmentDefaults
{
    private const string Folder = ".data";

    /// <summary>Returns whether the database is the default one.</summary>
    public static bool AddTo(IConfigurationBuilder configuration, IConfiguration given)
    {
        var folder = Path.Combine(FindRepositoryRoot(), Folder);
        var defaults = new Dictionary<string, string?>(StringComparer.Ordinal);

        var isOwnDatabase = string.IsNullOrEmpty(given[SettingKeys.ConnectionString]);
        if (isOwnDatabase)
        {
            defaults[SettingKeys.ConnectionString] = $"Data Source={Path.Combine(folder, "analytics.db")}";
        }

        if (!given.GetSection(SettingKeys.SigningKeys).Exists() && string.IsNullOrEmpty(given[SettingKeys.Authority]))
        {
            defaults[$"{SettingKeys.SigningKeys}:0"] = GetOrCreateKey(Path.Combine(folder, "signing-key"));
        }

        configuration.AddInMemoryCollection(defaults);
        return isOwnDatabase;
    }

    /// <summary>The repository's root, so that the service and the commands use the same folder.</summary>
    private static string FindRepositoryRoot()
    {
        var current = Directory.GetCurrentDirectory();
        for (var folder = new DirectoryInfo(current); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Analytics.sln")))
            {
                return folder.FullName;
            }
        }

        return current;
    }

    private static string GetOrCreateKey(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                CreateKey(path);
            }

            return File.ReadAllText(path) is { Length: > 0 } key
                ? key
                : throw new ConfigurationException($"{path} is empty: delete it, and the next start creates a new key.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                $"{SettingKeys.SigningKeys} is missing, and its default cannot be kept in {path}: set {SettingKeys.SigningKeys}:0, or start in a folder that is writable.");
        }
    }

    private static void CreateKey(string path)
    {
        try
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
            var temporaryPath = $"{path}.{Guid.NewGuid():N}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write }.CreatePrivate();
            using (var file = new StreamWriter(temporaryPath, options))
            {
                file.Write($"base64:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(64))}");
            }

            // The move is atomic: another process sees a complete key or none.
            File.Move(temporaryPath, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process created the key first.
        }
    }
}
