namespace Analytics.Cli.Commands;

internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    private static readonly Option<string> Url = new("--url")
    {
        Description = "Where the service listens.",
        HelpName = "URL",
        DefaultValueFactory = _ => "http://127.0.0.1:8000",
    };

    public static Command Create() =>
        new Command("health", "Exits with 0 if a running service is ready. For images without any other HTTP client.") { Url }
        .HandleErrors(async (run, cancellationToken) =>
        {
            // A proxy might respond instead of the service.
            using var handler = new SocketsHttpHandler { UseProxy = false };
            using var client = new HttpClient(handler) { Timeout = Timeout };
            try
            {
                using var response =
                    await client.GetAsync(new Uri(ParseAddress(run.Arguments.GetRequiredValue(Url)), "/health/ready"), cancellationToken);
                var body = await response.Content.ReadAsStringAsync(cancellationToken);
                run.Output.WriteLine(
                    !response.IsSuccessStatusCode ? $"The service is not ready: {(int)response.StatusCode}."
                    : body.Contains("\"read_only\"", StringComparison.Ordinal) ? "The service is ready; its database is read-only."
                    : "The service is ready.");
                return response.IsSuccessStatusCode ? ExitCode.Success : ExitCode.Failed;
            }
            catch (Exception exception)
                when (exception is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
            {
                throw new UsageException($"The service does not respond: {exception.Message}");
            }
        });

    private static Uri ParseAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? address
            : throw new UsageException("--url must be an address such as http://127.0.0.1:8000.");
}
