using System.Data.Common;
using System.Net.Sockets;
using System.Text;
using Analytics.Application.Concurrency;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>A body is accepted whole or not at all, and read only if the user may write.</summary>
internal sealed class PushBodyTests : AcmeFixture
{
    private const int MaxLines = 10_000;
    private const int MaxBytes = 16 * 1024 * 1024;
    private const int MaxServerBytes = MaxBytes + (64 * 1024);
    private const string TooLarge = "The body must be at most 10,000 lines and 16 MB, decompressed: send the rest in another request.";
    private const string UnsupportedMediaType = "Send application/x-ndjson, one object a line, or application/json, an array.";
    private const string InvalidArray =
        "body must be one JSON array of task objects; one object a line is sent as application/x-ndjson.";
    private const string UnsupportedEncoding = "Content-Encoding must be gzip, or absent.";
    private const string InvalidGzip = "body must be whole gzip, as Content-Encoding says.";

    private static readonly PushRequest ValidPush = PushRequest.Create(new NativeTask("good"));
    private static readonly PushRequest ValidGzipPush = ValidPush.WithGzip();

    // So that a body of one-byte chunks is read in time on a busy machine.
    protected override Task<AnalyticsService> StartServiceAsync() => Acme.StartServiceAsync(("Timeouts:RequestSeconds", "60"));

    private static IEnumerable<TestCaseData> RejectedBodies()
    {
        yield return RejectedPush("no type", ValidPush with { ContentType = null }, 415, UnsupportedMediaType);
        yield return RejectedPush(
            "a form", ValidPush with { ContentType = "application/x-www-form-urlencoded" }, 415, UnsupportedMediaType);
        yield return RejectedPush("JSON of another charset",
            ValidPush with { ContentType = "application/json; charset=utf-16" }, 415, UnsupportedMediaType);
        yield return RejectedPush("an object as JSON", ValidPush with { ContentType = "application/json" }, 400, InvalidArray);
        yield return RejectedPush("nothing as JSON", CreateArrayPush(""), 400, InvalidArray);
        yield return RejectedPush("a truncated array", CreateArrayPush("""[{"task_id":"a"}"""), 400, InvalidArray);
        yield return RejectedPush("an array and something after it", CreateArrayPush("[]]"), 400, InvalidArray);
        yield return RejectedPush("two arrays", CreateArrayPush("[][]"), 400, InvalidArray);
        yield return RejectedPush("an array with a comma too many", CreateArrayPush("[{},]"), 400, InvalidArray);
        yield return RejectedPush("an array that is not UTF-8",
            CreateArrayPush("") with { Body = (byte[])[.. "[\""u8, 0xC3, .. "\"]"u8] }, 400, "body must be UTF-8.");
        yield return RejectedPush("one item too many", CreateArrayPush($"[{string.Join(',', Enumerable.Repeat("{}", MaxLines + 1))}]"),
            413, TooLarge);
        yield return RejectedPush("one byte too many, as an array",
            CreatePaddedPush(MaxBytes + 1).WithGzip() with { ContentType = "application/json" }, 413, TooLarge);
        yield return RejectedPush(
            "a type twice", ValidPush with { Headers = [("Content-Type", "application/x-ndjson")] }, 415, UnsupportedMediaType);
        yield return RejectedPush(
            "another charset", ValidPush with { ContentType = "application/x-ndjson; charset=utf-16" }, 415, UnsupportedMediaType);
        yield return RejectedPush("another encoding", ValidPush with { ContentEncoding = "br" }, 415, UnsupportedEncoding);
        yield return RejectedPush("two encodings", ValidPush with { ContentEncoding = "gzip, gzip" }, 415, UnsupportedEncoding);
        yield return RejectedPush(
            "an encoding twice", ValidGzipPush with { Headers = [("Content-Encoding", "gzip")] }, 415, UnsupportedEncoding);

        yield return RejectedPush("not gzip", ValidPush with { ContentEncoding = "gzip" }, 400, InvalidGzip);
        yield return RejectedPush("gzip truncated in its data",
            ValidGzipPush with { Body = ValidGzipPush.Body[..(ValidGzipPush.Body.Length / 2)] }, 400, InvalidGzip);
        yield return RejectedPush("gzip without its last byte", ValidGzipPush with { Body = ValidGzipPush.Body[..^1] }, 400, InvalidGzip);
        yield return RejectedPush(
            "gzip with a wrong checksum", ValidGzipPush with { Body = FlipByte(ValidGzipPush.Body, ^8) }, 400, InvalidGzip);
        yield return RejectedPush(
            "gzip with a wrong length", ValidGzipPush with { Body = FlipByte(ValidGzipPush.Body, ^1) }, 400, InvalidGzip);
        yield return RejectedPush("gzip and something after it",
            ValidGzipPush with { Body = (byte[])[.. ValidGzipPush.Body.Span, .. ValidPush.Body.Span] }, 400, InvalidGzip);
        yield return RejectedPush(
            "gzip and a byte after it", ValidGzipPush with { Body = (byte[])[.. ValidGzipPush.Body.Span, 7] }, 400, InvalidGzip);
        yield return RejectedPush(
            "gzip and eight zeros after it", ValidGzipPush with { Body = (byte[])[.. ValidGzipPush.Body.Span, .. new byte[8]] }, 400,
            InvalidGzip);
        yield return RejectedPush("gzip and a truncated second member",
            ValidGzipPush with { Body = (byte[])[.. ValidGzipPush.Body.Span, .. ValidGzipPush.Body[..^9].Span] }, 400, InvalidGzip);
        yield return RejectedPush("not UTF-8", ValidPush with { Body = FlipByte(ValidPush.Body, 20) }, 400, "body must be UTF-8.");
        yield return RejectedPush("a truncated character at the end",
            ValidPush with { Body = (byte[])[.. ValidPush.Body.Span, (byte)'\n', 0xC3] }, 400, "body must be UTF-8.");

        yield return RejectedPush("one line too many", PushRequest.FromText(CreateLines(MaxLines + 1)), 413, TooLarge);
        yield return RejectedPush("one byte too many", CreatePaddedPush(MaxBytes + 1), 413, TooLarge);
        yield return RejectedPush("one byte too many, compressed", CreatePaddedPush(MaxBytes + 1).WithGzip(), 413, TooLarge);
        yield return RejectedPush(
            "one line too many, compressed", PushRequest.FromText(CreateLines(MaxLines + 1)).WithGzip(), 413, TooLarge);
        yield return RejectedPush("a parameter", ValidPush with { Target = $"{PushRequest.Path}?dry_run=1" }, 400,
            "dry_run is not known here: there are no parameters.");
    }

    private static IEnumerable<TestCaseData> ErrorPairs()
    {
        var textPush = ValidPush with { ContentType = "text/plain" };
        var largePush = PushRequest.FromText(CreateLines(MaxLines + 1));
        yield return RejectedPush(
            "no token, other type", textPush with { Authorization = null }, 401, "Authentication credentials were not provided.");
        yield return RejectedPush(
            "bad token, too large", largePush with { Authorization = "jwt nonsense" }, 401, "Invalid or expired token.");
        yield return RejectedPush("other type, no handle", textPush with { Handle = null }, 415, UnsupportedMediaType);
        yield return RejectedPush(
            "other type, non-member", textPush with { Authorization = Tokens.CreateAuthorization("8") }, 415, UnsupportedMediaType);
        yield return RejectedPush(
            "too large by Content-Length, no handle", CreatePaddedPush(MaxBytes + 1) with { Handle = null }, 413, TooLarge);
        yield return RejectedPush("no handle, too many lines", largePush with { Handle = null }, 400, "Org-Handle header is required.");
        yield return RejectedPush(
            "no handle, invalid gzip", ValidPush with { Handle = null, ContentEncoding = "gzip" }, 400, "Org-Handle header is required.");
        yield return RejectedPush("unknown handle, invalid gzip",
            ValidPush with { Handle = "nobody.example", ContentEncoding = "gzip" }, 404, "Organization not found.");
        yield return RejectedPush("viewer, too many lines", largePush with { Authorization =
            Tokens.CreateAuthorization(Acme.MemberUserId) }, 403, "You may not write to this organization.");
        yield return RejectedPush("too many lines, not UTF-8",
            largePush with { Body = (byte[])[.. largePush.Body.Span, 0xC3] }, 413, TooLarge);
        yield return RejectedPush("invalid product, viewer", ValidPush with { Product = "/", Authorization =
            Tokens.CreateAuthorization(Acme.MemberUserId) }, 400, "Product-Id must be 1-100 ASCII letters, digits, '.', '-' or '_'.");
        yield return RejectedPush(
            "non-member", ValidPush with { Authorization = Tokens.CreateAuthorization("8") }, 404, "Organization not found.");
    }

    [TestCaseSource(nameof(RejectedBodies)), TestCaseSource(nameof(ErrorPairs))]
    public async Task Rejected_push_writes_nothing(PushRequest push, int status, string message)
    {
        var before = await Service.SendAsync();

        var reply = await Service.PushAsync(push);

        Assert.That((reply.Status, reply.Message), Is.EqualTo((status, message)));
        Assert.That((await Service.SendAsync())["ETag"], Is.EqualTo(before["ETag"]));
    }

    [Test]
    public async Task Push_without_valid_tasks_begins_no_transaction()
    {
        await using var service = await Acme.StartServiceAsync(("Timeouts:RequestSeconds", "2"));
        await using var other = new SqliteConnection($"Data Source={service.DatabaseFile};Pooling=False");
        await other.OpenAsync();
        await other.ExecuteAsync("BEGIN IMMEDIATE");
        var statuses = new List<int>();
        foreach (var push in new[] {
            ValidPush with { ContentEncoding = "gzip" }, ValidGzipPush with { Body = ValidGzipPush.Body[..^1] }, ValidPush with {
                Body = (byte[])[.. ValidPush.Body.Span, (byte)'\n', 0xC3] }, PushRequest.FromText(CreateLines(MaxLines)),
                PushRequest.FromText(""), ValidPush })
        {
            statuses.Add((await service.PushAsync(push)).Status);
        }

        Assert.That(statuses, Is.EqualTo(new[] { 400, 400, 400, 200, 200, 503 }), "Only the last one waits for another transaction");
    }

    [TestCase("text/csv", null, "Accept", "application/x-ndjson, application/json")]
    [TestCase("application/json", "br", "Accept-Encoding", "gzip")]
    public async Task Unsupported_body_is_told_what_is_accepted(string type, string? encoding, string header, string accepted)
    {
        var reply = await Service.PushAsync(ValidPush with { ContentType = type, ContentEncoding = encoding });

        Assert.That((reply.Status, reply[header]), Is.EqualTo((415, accepted)));
    }

    // Like most clients, this one reads the response only after it has sent the whole body.
    [TestCase(MaxBytes + 1), TestCase(MaxServerBytes + 1), TestCase(4 * MaxServerBytes)]
    [CancelAfter(60_000)]
    public async Task Client_that_sends_an_oversized_body_receives_the_413(int length, CancellationToken cancellationToken)
    {
        var push = ValidPush with { Body = new byte[length] };
        using var client = await BeginUploadAsync(Service, push, length, cancellationToken);

        using var reader = new StreamReader(client.GetStream());
        var reply = Reply.Parse(await reader.ReadToEndAsync(cancellationToken));

        Assert.That((reply.Status, reply.Message), Is.EqualTo((413, TooLarge)));
    }

    [TestCase("GET"), TestCase("PUT"), TestCase("DELETE"), TestCase("HEAD")]
    public async Task Other_methods_return_405(string method)
    {
        var reply = await Service.SendAsync(new AnalyticsRequest { Path = PushRequest.Path, Method = method });

        Assert.That((reply.Status, reply["Allow"]), Is.EqualTo((405, "POST")));
    }

    [Test]
    public async Task Largest_allowed_body_is_accepted()
    {
        var lines = await Service.PushAsync(PushRequest.FromText($"\uFEFF\n{CreateLines(MaxLines)}\n \r\n\t\n"));
        var bytes = await Service.PushAsync(CreatePaddedPush(MaxBytes));

        Assert.That((lines.GetCounts(), bytes.GetCounts()), Is.EqualTo(((0, 0, 0, MaxLines), (0, 0, 0, 1))));
        Assert.That(bytes.GetErrors().Single().Message, Is.EqualTo("The line is longer than 64 KiB."));
    }

    // A chunk of one byte has six bytes, and the server counts them all.
    [TestCase(1), TestCase(64 * 1024)]
    [CancelAfter(60_000)]
    public async Task Oversized_chunked_body_returns_413(int chunkSize, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Service.Address.Host, Service.Address.Port, cancellationToken);
        var head = string.Concat(ValidPush.AllHeaders.Select(header => $"{header.Name}: {header.Value}\r\n"));
        await client.GetStream()
            .WriteAsync(Encoding.Latin1
                .GetBytes($"POST {PushRequest.Path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n{head}\r\n"),
                cancellationToken);
        var chunk = Encoding.Latin1.GetBytes($"{chunkSize:x}\r\n{new string(' ', chunkSize)}\r\n");
        await client.GetStream().WriteAsync(
            Enumerable.Repeat(chunk, (MaxServerBytes / chunk.Length) + 2).SelectMany(bytes => bytes).ToArray(), cancellationToken);
        using var reader = new StreamReader(client.GetStream());
        var reply = Reply.Parse(await reader.ReadToEndAsync(cancellationToken));

        Assert.That(reply.Status, Is.EqualTo(413));
        Assert.That(reply.Body, Does.Contain(TooLarge), "in chunks too");
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Slow_upload_holds_neither_permit_nor_lookup(CancellationToken cancellationToken)
    {
        await using var service = await Acme.StartServiceAsync(
            DatabaseEngine.Sqlite, ObservedDataSource.Install,
            ("Database:MaxConcurrentWrites", "1"), ("Database:WriteQueueLimit", "0"), ("Timeouts:RequestSeconds", "60"));
        var database = (ObservedDataSource)service.Services.GetRequiredService<DbDataSource>();
        Assert.That((await service.SendAsync()).Status, Is.EqualTo(200), "Further lookups of the handle are one statement");
        var before = database.OpenedConnections;
        using var slow = await BeginUploadAsync(service, cancellationToken);
        await Eventually.TrueAsync(() => database.OpenedConnections == before + 1);

        var other = await service.PushAsync(new NativeTask("other"));
        await slow.GetStream().WriteAsync(ValidPush.Body[^1..], cancellationToken);
        using var reader = new StreamReader(slow.GetStream());
        var good = Reply.Parse(await reader.ReadToEndAsync(cancellationToken));

        Assert.That((other.Status, other.GetCounts().Inserted, good.Status, good.GetCounts().Inserted), Is.EqualTo((200, 1, 200, 1)));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Stalled_upload_returns_503_at_the_request_timeout(CancellationToken cancellationToken)
    {
        await using var service = await Acme.StartServiceAsync(("Timeouts:RequestSeconds", "1"));
        using var slow = await BeginUploadAsync(service, cancellationToken);

        using var reader = new StreamReader(slow.GetStream());
        var reply = Reply.Parse(await reader.ReadToEndAsync(cancellationToken));

        Assert.That((reply.Status, reply.Message, reply["Retry-After"]), Is.EqualTo((503, "Service temporarily unavailable.", "1")));
    }

    // Otherwise the response would come when the request times out, after a minute.
    [TestCase("8", Acme.Handle, 404), TestCase(PushRequest.EditorUserId, "nobody.example", 404)]
    [TestCase(Acme.MemberUserId, Acme.Handle, 403)]
    [CancelAfter(30_000)]
    public async Task Body_is_not_read_before_write_authorization(
        string user, string handle, int status, CancellationToken cancellationToken)
    {
        var push = ValidPush with { Authorization = Tokens.CreateAuthorization(user), Handle = handle };
        using var client = await BeginUploadAsync(Service, push with { Body = new byte[MaxBytes] }, sentBytes: 0, cancellationToken);

        using var reader = new StreamReader(client.GetStream());
        Assert.That(await reader.ReadLineAsync(cancellationToken), Does.StartWith($"HTTP/1.1 {status} "));
    }

    [Test]
    public void Body_memory_is_bounded_per_organisation_and_in_total_and_released()
    {
        using var budget = new BodyMemoryBudget();
        for (var round = 0; round < 2; round++)
        {
            using var first = budget.Reserve(1);
            using var otherOfFirst = budget.Reserve(1);
            using var second = budget.Reserve(2);
            using var third = budget.Reserve(3);

            first.Grow(OrganisationShare.Of(BodyMemoryBudget.MaxTotalBytes));
            Assert.Throws<OverloadedException>(() => otherOfFirst.Grow(1), "One organisation gets no more");
            second.Grow(BodyMemoryBudget.MaxTotalBytes - OrganisationShare.Of(BodyMemoryBudget.MaxTotalBytes));
            Assert.Throws<OverloadedException>(() => third.Grow(1), "All organisations together get no more");
        }
    }

    // Sends a valid push without its last byte.
    private static Task<TcpClient> BeginUploadAsync(AnalyticsService service, CancellationToken cancellationToken) =>
        BeginUploadAsync(service, ValidPush, ValidPush.Body.Length - 1, cancellationToken);

    private static async Task<TcpClient> BeginUploadAsync(
        AnalyticsService service, PushRequest push, int sentBytes, CancellationToken cancellationToken)
    {
        var client = new TcpClient();
        await client.ConnectAsync(service.Address.Host, service.Address.Port, cancellationToken);
        var head = string.Concat(push.AllHeaders.Select(header => $"{header.Name}: {header.Value}\r\n"));
        await client.GetStream().WriteAsync(
            Encoding.Latin1.GetBytes($"POST {push.Target} HTTP/1.0\r\nContent-Length: {push.Body.Length}\r\n{head}\r\n"),
            cancellationToken);
        await client.GetStream().WriteAsync(push.Body[..sentBytes], cancellationToken);
        return client;
    }

    private static string CreateLines(int count) => string.Join('\n', Enumerable.Repeat("{}", count));

    private static PushRequest CreatePaddedPush(int bytes) => PushRequest.FromText(new string(' ', bytes - 2) + "{}");

    private static PushRequest CreateArrayPush(string text) => PushRequest.FromText(text) with { ContentType = "application/json" };

    private static byte[] FlipByte(ReadOnlyMemory<byte> bytes, Index index)
    {
        var copy = bytes.ToArray();
        copy[index] ^= 0xFF;
        return copy;
    }

    private static TestCaseData RejectedPush(string caseName, PushRequest push, int status, string message) =>
        new TestCaseData(push, status, message).SetArgDisplayNames(caseName);
}

/// <summary>The memory of a body; not parallelizable, since it measures the memory of the process.</summary>
[NonParallelizable]
internal sealed class PushBodyMemoryTests : AcmeFixture
{
    [Test]
    public async Task Endless_body_does_not_grow_memory()
    {
        var bomb = new PushRequest { Body = PushRequest.Compress(new byte[512 * 1024 * 1024]), ContentEncoding = "gzip" };
        var before = GC.GetTotalAllocatedBytes();

        var replies = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Service.PushAsync(bomb)));

        Assert.That(replies.Select(reply => reply.Status), Is.All.EqualTo(413));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(3 * 4 * 16 * 1024 * 1024), "A small multiple of the limit");
    }
}
