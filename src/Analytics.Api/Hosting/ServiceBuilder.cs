using Analytics.Infrastructure.Configuration;

namespace Analytics.Api.Hosting;

internal static class ServiceBuilder
{
    /// <summary>Reads all settings, and validates those that no other part of the service reads.</summary>
    public static WebApplicationBuilder Create(string[] args)
    {
        var builder = CreateBuilder(args);
        UnknownSettings.Reject(builder.Configuration);
        LogSettings.Validate(builder.Configuration);
        EndpointSettings.Validate(builder.Configuration);
        CertificateSettings.Validate(builder.Configuration, builder.Environment.ContentRootPath);
        HostLogFilter.AddTo(builder);
        return builder;
    }

    private static WebApplicationBuilder CreateBuilder(string[] args)
    {
        try
        {
            // appsettings.json is next to the executable, whatever the working directory is. Its changes are not watched for: no setting
            // is read again, and a host whose watches are used up could not start the service.
            return WebApplication.CreateBuilder(new WebApplicationOptions
            {
                Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
                ContentRootPath = AppContext.BaseDirectory,
            });
        }
        catch (InvalidDataException invalidFile)
        {
            var reason = invalidFile.GetBaseException() is JsonException json
                ? $"line {json.LineNumber + 1} is not JSON"
                : invalidFile.GetBaseException().Message.TrimEnd('.');
            throw new ConfigurationException($"{invalidFile.Message.TrimEnd('.')}: {reason}.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The settings cannot be read: {unreadable.Message}");
        }
        catch (FormatException invalidArgument)
        {
            throw new ConfigurationException($"The arguments cannot be read: {invalidArgument.Message}");
        }
    }
}
