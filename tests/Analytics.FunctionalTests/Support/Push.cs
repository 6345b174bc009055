using System.IO.Compression;
using System.Text;

namespace Analytics.FunctionalTests.Support;

/// <summary>A push of tasks to Acme by its editor, unless said otherwise.</summary>
internal sealed record Push
{
    public const string Path = "/api/v2/platform/organisation/tasks/";
    public const string Editor = "9";

    public string Target { get; init; } = Path;

    public string? Handle { get; init; } = Acme.Handle;

    public string? Product { get; init; }

    public string? Authorization { get; init; } = Tokens.Jwt(Editor);

    public string? ContentType { get; init; } = "application/x-ndjson";

    public string? ContentEncoding { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public IEnumerable<(string Name, string Value)> Headers { get; init; } = [];

    public IEnumerable<(string Name, string Value)> AllHeaders =>
    [
        .. Given("Authorization", Authorization),
        .. Given("Org-Handle", Handle),
        .. Given("Product-Id", Product),
        .. Given("Content-Type", ContentType),
        .. Given("Content-Encoding", ContentEncoding),
        .. Headers,
    ];

    public static Push Of(params IEnumerable<NativeTask> tasks) => OfText(string.Join('\n', tasks.Select(task => task.ToLine())));

    public static Push OfText(string text) => new() { Body = Encoding.UTF8.GetBytes(text) };

    public static byte[] Gzipped(ReadOnlySpan<byte> text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(text);
        }

        return compressed.ToArray();
    }

    public Push AsGzip() => this with { Body = Gzipped(Body.Span), ContentEncoding = "gzip" };

    private static IEnumerable<(string Name, string Value)> Given(string name, string? value) => value is null ? [] : [(name, value)];
}

internal static class Pushes
{
    public static Task<Reply> PushAsync(this AnalyticsService service, Push push) => Wire.SendAsync(service.Address, "POST", push.Target, push.AllHeaders, push.Body);

    public static Task<Reply> PushAsync(this AnalyticsService service, params IEnumerable<NativeTask> tasks) => service.PushAsync(Push.Of(tasks));

    /// <summary>What became of the lines: inserted, updated, unchanged, rejected.</summary>
    public static (long Inserted, long Updated, long Unchanged, long Rejected) Counts(this Reply reply)
    {
        var data = reply.Json["data"]!;
        return ((long)data["inserted"]!, (long)data["updated"]!, (long)data["unchanged"]!, (long)data["rejected"]!);
    }

    /// <summary>The lines that were not written.</summary>
    public static IEnumerable<(long Line, string? TaskId, string Message)> Errors(this Reply reply) =>
        reply.Json["data"]!["errors"]!.AsArray().Select(error => ((long)error!["line"]!, (string?)error["task_id"], (string)error["message"]!));
}
