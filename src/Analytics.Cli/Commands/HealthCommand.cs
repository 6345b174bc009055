using System.CommandLine;

namespace Analytics.Cli.Commands;

internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    public static Command Create()
    {
        var url = new Option<string>("--url") { Description = "Where the service listens.", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:8000" };
        var command = new Command("health", "Asks a running service whether it is ready. For images that have no other program to ask with.") { url };
        command.SetAction(CommandRunner.HandleErrors(async (arguments, cancellationToken) =>
        {
            // A proxy would answer for itself.
            using var handler = new SocketsHttpHandler { UseProxy = false };
            using var client = new HttpClient(handler) { Timeout = Timeout };
            try
            {
                using var response = await client.GetAsync(new Uri(ParseAddress(arguments.GetRequiredValue(url)), "/health/ready"), cancellationToken);
                Console.WriteLine(response.IsSuccessStatusCode ? "The service is ready." : $"The service is not ready: {(int)response.StatusCode}.");
                return response.IsSuccessStatusCode ? ExitCode.Success : ExitCode.Failed;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
            {
                StandardError.Write($"The service does not answer: {exception.Message}");
                return ExitCode.Failed;
            }
        }));
        return command;
    }

    private static Uri ParseAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? address
            : throw new UsageException("--url must be an address such as http://127.0.0.1:8000.");
}
