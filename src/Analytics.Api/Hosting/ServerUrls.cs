using Analytics.Infrastructure.Configuration;
using Microsoft.AspNetCore.Connections;

namespace Analytics.Api.Hosting;

/// <summary>Reports invalid or unavailable <c>Urls</c> as a configuration error.</summary>
internal static class ServerUrls
{
    private const string Key = "Urls";
    private const string CertificateKey = "Kestrel:Certificates:Default";
    private const string EndpointsKey = "Kestrel:Endpoints";
    private const string KestrelNamespace = "Microsoft.AspNetCore.Server.Kestrel";

    public static void Validate(IConfiguration configuration)
    {
        try
        {
            foreach (var address in (configuration[Key] ?? "").Split(';'))
            {
                BindingAddress.Parse(address);
            }
        }
        catch (FormatException)
        {
            throw new ConfigurationException($"{Key} must be addresses such as http://127.0.0.1:8000, separated by semicolons.");
        }
    }

    public static async Task ServeAsync(this WebApplication app)
    {
        var hostLog = app.Services.GetRequiredService<HostLogFilter>();
        try
        {
            await app.StartAsync();
        }
        catch (IOException addressInUse) when (addressInUse.InnerException is AddressInUseException)
        {
            throw new ConfigurationException(
                $"{Key} names an address that is already in use: stop what listens there, or name another one.");
        }
        catch (Exception exception) when (exception.StackTrace?.Contains(KestrelNamespace, StringComparison.Ordinal) == true)
        {
            // Only the settings differ from one start of Kestrel to another, and it throws exceptions of many types.
            var reason = exception.Message.Split('\n')[0].Trim().TrimEnd('.');
            throw new ConfigurationException(
                reason.Contains("No server certificate was specified", StringComparison.Ordinal)
                    ? $"{CertificateKey} is missing, which an https address needs: set {CertificateKey}:Path and {CertificateKey}:KeyPath to PEM files."
                : app.Configuration.GetSection(EndpointsKey).GetChildren().Any()
                    ? $"{EndpointsKey} names an address on which the service cannot listen: {reason}."
                : $"{Key} names an address on which the service cannot listen: {reason}.");
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            app.Logger.LogCritical(defect, "The service cannot start");
            throw;
        }

        hostLog.Show();
        await app.WaitForShutdownAsync();
    }
}
