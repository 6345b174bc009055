using System.IO.Compression;
using System.Text;

namespace Analytics.FunctionalTests.Support;

/// <summary>A push of tasks to Acme, by its editor by default.</summary>
internal sealed record PushRequest
{
    public const string Path = "/api/v2/platform/organisation/tasks/";
    public const string EditorUserId = "9";

    public string Target { get; init; } = Path;

    public string? Handle { get; init; } = Acme.Handle;

    public string? Product { get; init; }

    public string? Authorization { get; init; } = Tokens.CreateAuthorization(EditorUserId);

    public string? ContentType { get; init; } = "application/x-ndjson";

    public string? ContentEncoding { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public IEnumerable<(string Name, string Value)> Headers { get; init; } = [];

    public IEnumerable<(string Name, string Value)> AllHeaders =>
    [
        .. CreateOptionalHeader("Authorization", Authorization),
        .. CreateOptionalHeader("Org-Handle", Handle),
        .. CreateOptionalHeader("Product-Id", Product),
        .. CreateOptionalHeader("Content-Type", ContentType),
        .. CreateOptionalHeader("Content-Encoding", ContentEncoding),
        .. Headers,
    ];

    public static PushRequest Create(params IEnumerable<NativeTask> tasks) =>
        FromText(string.Join('\n', tasks.Select(task => task.ToLine())));

    public static PushRequest FromText(string text) => new() { Body = Encoding.UTF8.GetBytes(text) };

    public static byte[] Compress(ReadOnlySpan<byte> text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(text);
        }

        return compressed.ToArray();
    }

    public PushRequest WithGzip() => this with { Body = Compress(Body.Span), ContentEncoding = "gzip" };

    private static IEnumerable<(string Name, string Value)> CreateOptionalHeader(string name, string? value) =>
        value is null ? [] : [(name, value)];
}

internal static class PushRequestExtensions
{
    public static Task<Reply> PushAsync(this AnalyticsService service, PushRequest push) =>
        RawHttp.SendAsync(service.Address, "POST", push.Target, push.AllHeaders, push.Body);

    public static Task<Reply> PushAsync(this AnalyticsService service, params IEnumerable<NativeTask> tasks) =>
        service.PushAsync(PushRequest.Create(tasks));

    // The numbers of inserted, updated, unchanged and rejected lines.
    public static (long Inserted, long Updated, long Unchanged, long Rejected) GetCounts(this Reply reply)
    {
        var data = reply.Json["data"]!;
        return ((long)data["inserted"]!, (long)data["updated"]!, (long)data["unchanged"]!, (long)data["rejected"]!);
    }

    // The lines that were not written.
    public static IEnumerable<(long Line, string? TaskId, string Message)> GetErrors(this Reply reply) =>
        reply.Json["data"]!["errors"]!.AsArray()
            .Select(error => ((long)error!["line"]!, (string?)error["task_id"], (string)error["message"]!));
}
