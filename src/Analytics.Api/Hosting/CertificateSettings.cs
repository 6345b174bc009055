using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.Hosting;

/// <summary>Loads the certificate files of Kestrel's settings as Kestrel will. Its own errors do not say which setting is wrong.</summary>
internal static class CertificateSettings
{
    public static void Validate(IConfiguration configuration, string contentRoot)
    {
        var kestrel = configuration.GetSection("Kestrel");
        var certificates = EndpointSettings.GetEndpoints(kestrel).Select(endpoint => endpoint.GetSection("Certificate"))
            .Concat(kestrel.GetSection("Certificates").GetChildren());
        foreach (var certificate in certificates)
        {
            Validate(certificate, contentRoot);
        }
    }

    private static void Validate(IConfigurationSection certificate, string contentRoot)
    {
        var (file, keyFile, password) =
            (certificate.GetSection("Path"), certificate.GetSection("KeyPath"), certificate.GetSection("Password"));
        var text = ReadFile(file, contentRoot);
        var key = ReadFile(keyFile, contentRoot);
        if (text is null)
        {
            return;
        }

        try
        {
            using var loaded = (key, password.Value) switch
            {
                (null, _) => X509CertificateLoader.LoadPkcs12FromFile(GetPath(file, contentRoot), password.Value),
                (_, null) => X509Certificate2.CreateFromPem(ReadAsPem(GetPath(file, contentRoot)), key),
                _ => X509Certificate2.CreateFromEncryptedPem(ReadAsPem(GetPath(file, contentRoot)), key, password.Value),
            };
            if (!loaded.HasPrivateKey)
            {
                throw new ConfigurationException($"{file.Path} names a certificate without its private key.");
            }
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new ConfigurationException(key switch
            {
                null when text.Contains("-----BEGIN CERTIFICATE", StringComparison.Ordinal) =>
                    $"{keyFile.Path} is missing: {file.Path} names a certificate in PEM, whose private key is expected in another file.",
                null => $"{file.Path} does not name a PKCS #12 file (.pfx) that {password.Path} opens, nor a certificate in PEM or DER, which needs {keyFile.Path}.",
                _ when key.Contains("ENCRYPTED", StringComparison.Ordinal) =>
                    $"{password.Path} does not decrypt the private key that {keyFile.Path} names.",
                _ => $"{keyFile.Path} does not name the private key, in PEM and not encrypted, of a certificate in PEM or DER that {file.Path} names.",
            });
        }
    }

    // With a key of its own, the certificate may be in DER too.
    private static string ReadAsPem(string path)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(path);
        return certificate.ExportCertificatePem();
    }

    private static string? ReadFile(IConfigurationSection setting, string contentRoot)
    {
        try
        {
            return string.IsNullOrEmpty(setting.Value) ? null : File.ReadAllText(GetPath(setting, contentRoot));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{setting.Path} names a file that cannot be read: {exception.Message}");
        }
    }

    private static string GetPath(IConfigurationSection setting, string contentRoot) => Path.Combine(contentRoot, setting.Value!);
}
