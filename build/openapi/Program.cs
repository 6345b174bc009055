// Calls every operation with the generated clients of NSwag and Kiota.
using Analytics.Clients;

var (url, token) = (args[0], args[1]);
await NSwagCalls.RunAsync(url, token);
await KiotaCalls.RunAsync(url, token);

namespace Analytics.Clients
{
    internal static class Check
    {
        public const string Handle = "recalll.co";
        public const string SpaceToken = "F1O3QJM1Y7Q1AVVUYNV4VPRB";

        public static void That(bool condition, string what)
        {
            if (!condition)
            {
                throw new InvalidOperationException(what);
            }
        }

        public static async Task EventAsync(Stream stream)
        {
            using var reader = new StreamReader(stream);
            var first = $"{await reader.ReadLineAsync()}\n{await reader.ReadLineAsync()}";
            That(first.Contains("call_analytics", StringComparison.Ordinal), "streamAnalytics");
        }
    }
}
