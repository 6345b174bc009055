using System.Net.Sockets;
using System.Text;
using Analytics.Api.RequestBodies;
using Analytics.FunctionalTests.Support;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Analytics.FunctionalTests;

/// <summary>A body is taken whole or not at all, and before anything else is done for it.</summary>
internal sealed class PushBodyTests : AcmeFixture
{
    private const int MostLines = 10_000;
    private const int MostBytes = 16 * 1024 * 1024;
    private const int MostOfTheServer = MostBytes + (64 * 1024);
    private const string TooLarge = "The body must be at most 10,000 lines and 16 MB, decompressed: send the rest in another request.";
    private const string OtherType = "The body must be application/x-ndjson, in UTF-8.";
    private const string OtherEncoding = "Content-Encoding must be gzip, or absent.";
    private const string BrokenGzip = "body must be whole gzip, as Content-Encoding says.";

    private static readonly PushRequest Good = PushRequest.Create(new NativeTask("good"));
    private static readonly PushRequest Whole = Good.WithGzip();

    // So that a body of one-byte chunks is read in time on a busy machine.
    protected override Task<AnalyticsService> StartServiceAsync() => Acme.StartServiceAsync(("Timeouts:RequestSeconds", "60"));

    private static IEnumerable<TestCaseData> Bodies()
    {
        yield return Body("no type", Good with { ContentType = null }, 415, OtherType);
        yield return Body("a form", Good with { ContentType = "application/x-www-form-urlencoded" }, 415, OtherType);
        yield return Body("JSON", Good with { ContentType = "application/json" }, 415, OtherType);
        yield return Body("a type twice", Good with { Headers = [("Content-Type", "application/x-ndjson")] }, 415, OtherType);
        yield return Body("another charset", Good with { ContentType = "application/x-ndjson; charset=utf-16" }, 415, OtherType);
        yield return Body("another encoding", Good with { ContentEncoding = "br" }, 415, OtherEncoding);
        yield return Body("two encodings", Good with { ContentEncoding = "gzip, gzip" }, 415, OtherEncoding);
        yield return Body("an encoding twice", Whole with { Headers = [("Content-Encoding", "gzip")] }, 415, OtherEncoding);

        yield return Body("gzip that is none", Good with { ContentEncoding = "gzip" }, 400, BrokenGzip);
        yield return Body("gzip cut off in its data", Whole with { Body = Whole.Body[..(Whole.Body.Length / 2)] }, 400, BrokenGzip);
        yield return Body("gzip without its last byte", Whole with { Body = Whole.Body[..^1] }, 400, BrokenGzip);
        yield return Body("gzip whose sum is wrong", Whole with { Body = Flipped(Whole.Body, ^8) }, 400, BrokenGzip);
        yield return Body("gzip whose length is wrong", Whole with { Body = Flipped(Whole.Body, ^1) }, 400, BrokenGzip);
        yield return Body("gzip and something after it", Whole with { Body = (byte[])[.. Whole.Body.Span, .. Good.Body.Span] }, 400, BrokenGzip);
        yield return Body("gzip and a byte after it", Whole with { Body = (byte[])[.. Whole.Body.Span, 7] }, 400, BrokenGzip);
        yield return Body("gzip and half of another", Whole with { Body = (byte[])[.. Whole.Body.Span, .. Whole.Body[..^9].Span] }, 400, BrokenGzip);
        yield return Body("not UTF-8", Good with { Body = Flipped(Good.Body, 20) }, 400, "body must be UTF-8.");
        yield return Body("half a character at the end", Good with { Body = (byte[])[.. Good.Body.Span, (byte)'\n', 0xC3] }, 400, "body must be UTF-8.");

        yield return Body("one line too many", PushRequest.FromText(Lines(MostLines + 1)), 413, TooLarge);
        yield return Body("one byte too many", Padded(MostBytes + 1), 413, TooLarge);
        yield return Body("one byte too many, compressed", Padded(MostBytes + 1).WithGzip(), 413, TooLarge);
        yield return Body("one line too many, compressed", PushRequest.FromText(Lines(MostLines + 1)).WithGzip(), 413, TooLarge);
        yield return Body("a parameter", Good with { Target = $"{PushRequest.Path}?dry_run=1" }, 400, "dry_run is not known here: there are no parameters.");
    }

    private static IEnumerable<TestCaseData> Pairs()
    {
        var bad = Good with { ContentType = "text/plain" };
        var large = PushRequest.FromText(Lines(MostLines + 1));
        yield return Body("no token, other type", bad with { Authorization = null }, 401, "Authentication credentials were not provided.");
        yield return Body("bad token, too large", large with { Authorization = "jwt nonsense" }, 401, "Invalid or expired token.");
        yield return Body("other type, no handle", bad with { Handle = null }, 415, OtherType);
        yield return Body("other type, stranger", bad with { Authorization = Tokens.CreateAuthorization("8") }, 415, OtherType);
        yield return Body("too large, no handle", large with { Handle = null }, 413, TooLarge);
        yield return Body("too large, viewer", large with { Authorization = Tokens.CreateAuthorization(Acme.MemberUserId) }, 413, TooLarge);
        yield return Body("no handle, broken gzip", Good with { Handle = null, ContentEncoding = "gzip" }, 400, "Org-Handle header is required.");
        yield return Body("broken gzip, unknown handle", Good with { Handle = "nobody.example", ContentEncoding = "gzip" }, 400, BrokenGzip);
        yield return Body("broken product, viewer", Good with { Product = "/", Authorization = Tokens.CreateAuthorization(Acme.MemberUserId) }, 400, "Product-Id must be 1-100 ASCII letters, digits, '.', '-' or '_'.");
        yield return Body("stranger", Good with { Authorization = Tokens.CreateAuthorization("8") }, 404, "Organization not found.");
    }

    [TestCaseSource(nameof(Bodies)), TestCaseSource(nameof(Pairs))]
    public async Task WhatIsRefusedWritesNothing(PushRequest push, int status, string message)
    {
        var before = await Service.SendAsync();

        var reply = await Service.PushAsync(push);

        Assert.That((reply.Status, reply.Message), Is.EqualTo((status, message)));
        Assert.That((await Service.SendAsync())["ETag"], Is.EqualTo(before["ETag"]));
    }

    [Test]
    public async Task WhatIsNotWrittenBeginsNoTransaction()
    {
        await using var service = await Acme.StartServiceAsync(("Timeouts:RequestSeconds", "2"));
        await using var other = new SqliteConnection($"Data Source={service.DatabaseFile};Pooling=False");
        await other.OpenAsync();
        await other.ExecuteAsync("BEGIN IMMEDIATE");
        var statuses = new List<int>();
        foreach (var push in new[] { Good with { ContentEncoding = "gzip" }, Whole with { Body = Whole.Body[..^1] }, Good with { Body = (byte[])[.. Good.Body.Span, (byte)'\n', 0xC3] }, PushRequest.FromText(Lines(MostLines)), PushRequest.FromText(""), Good })
        {
            statuses.Add((await service.PushAsync(push)).Status);
        }

        Assert.That(statuses, Is.EqualTo(new[] { 400, 400, 400, 200, 200, 503 }), "Only the last one waits for another's transaction");
    }

    [TestCase("GET"), TestCase("PUT"), TestCase("DELETE"), TestCase("HEAD")]
    public async Task NothingElseIsDoneThere(string method)
    {
        var reply = await Service.SendAsync(new AnalyticsRequest { Path = PushRequest.Path, Method = method });

        Assert.That((reply.Status, reply["Allow"]), Is.EqualTo((405, "POST")));
    }

    [Test]
    public async Task AsMuchAsIsAllowedIsTaken()
    {
        var lines = await Service.PushAsync(PushRequest.FromText($"\uFEFF\n{Lines(MostLines)}\n \r\n\t\n"));
        var bytes = await Service.PushAsync(Padded(MostBytes));

        Assert.That((lines.GetCounts(), bytes.GetCounts()), Is.EqualTo(((0, 0, 0, MostLines), (0, 0, 0, 1))));
        Assert.That(bytes.GetErrors().Single().Message, Is.EqualTo("The line is longer than 64 KiB."));
    }

    /// <summary>A chunk of one byte takes six, and the server counts them all.</summary>
    [TestCase(1), TestCase(64 * 1024)]
    [CancelAfter(60_000)]
    public async Task SoMuchInChunksIsToldTheSame(int bytesOfAChunk, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Service.Address.Host, Service.Address.Port, cancellationToken);
        var head = string.Concat(Good.AllHeaders.Select(header => $"{header.Name}: {header.Value}\r\n"));
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes($"POST {PushRequest.Path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n{head}\r\n"), cancellationToken);
        var chunk = Encoding.Latin1.GetBytes($"{bytesOfAChunk:x}\r\n{new string(' ', bytesOfAChunk)}\r\n");
        await client.GetStream().WriteAsync(Enumerable.Repeat(chunk, (MostOfTheServer / chunk.Length) + 2).SelectMany(bytes => bytes).ToArray(), cancellationToken);
        using var reader = new StreamReader(client.GetStream());
        var reply = Reply.Parse(await reader.ReadToEndAsync(cancellationToken));

        Assert.That(reply.Status, Is.EqualTo(413));
        Assert.That(reply.Body, Does.Contain(TooLarge), "in chunks too");
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task ABodyOnItsWayHoldsNobodyUp(CancellationToken cancellationToken)
    {
        using var slow = await BeginAsync(Service, cancellationToken);

        var other = await Service.PushAsync(new NativeTask("other"));
        await slow.GetStream().WriteAsync(Good.Body[^1..], cancellationToken);
        using var reader = new StreamReader(slow.GetStream());
        var good = Reply.Parse(await reader.ReadToEndAsync(cancellationToken));

        Assert.That((other.Status, other.GetCounts().Inserted, good.Status, good.GetCounts().Inserted), Is.EqualTo((200, 1, 200, 1)));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task ABodyThatDoesNotComeIsNotWaitedFor(CancellationToken cancellationToken)
    {
        await using var service = await Acme.StartServiceAsync(("Timeouts:RequestSeconds", "1"));
        using var slow = await BeginAsync(service, cancellationToken);

        using var reader = new StreamReader(slow.GetStream());
        var reply = Reply.Parse(await reader.ReadToEndAsync(cancellationToken));

        Assert.That((reply.Status, reply.Message, reply["Retry-After"]), Is.EqualTo((503, "Service temporarily unavailable.", "1")));
    }

    [Test]
    public void TheMemoryForBodiesIsBoundedAndGivenBack()
    {
        var memory = new BodyMemoryBudget();
        for (var round = 0; round < 2; round++)
        {
            var shares = new[] { "a", "b", "c", "d" }.Select(memory.Reserve).ToList();
            using var second = memory.Reserve("a");
            using var stranger = memory.Reserve("e");

            Assert.That(shares.Select(share => share.TryGrow(BodyMemoryBudget.MaxBytesPerUser)), Is.All.True);
            Assert.That((second.TryGrow(1), stranger.TryGrow(1)), Is.EqualTo((false, false)), "Neither a caller nor all of them have more");
            shares.ForEach(share => share.Dispose());
        }

        using var first = memory.Reserve("a");
        Assert.That((first.TryGrow(BodyMemoryBudget.MaxBytesPerUser), memory.Reserve("a").TryGrow(1), memory.Reserve("b").TryGrow(1)), Is.EqualTo((true, false, true)));
    }

    /// <summary>Sends the good push but for its last byte.</summary>
    private static async Task<TcpClient> BeginAsync(AnalyticsService service, CancellationToken cancellationToken)
    {
        var client = new TcpClient();
        await client.ConnectAsync(service.Address.Host, service.Address.Port, cancellationToken);
        var head = string.Concat(Good.AllHeaders.Select(header => $"{header.Name}: {header.Value}\r\n"));
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes($"POST {PushRequest.Path} HTTP/1.0\r\nContent-Length: {Good.Body.Length}\r\n{head}\r\n"), cancellationToken);
        await client.GetStream().WriteAsync(Good.Body[..^1], cancellationToken);
        return client;
    }

    private static string Lines(int count) => string.Join('\n', Enumerable.Repeat("{}", count));

    private static PushRequest Padded(int bytes) => PushRequest.FromText(new string(' ', bytes - 2) + "{}");

    private static byte[] Flipped(ReadOnlyMemory<byte> text, Index at)
    {
        var flipped = text.ToArray();
        flipped[at] ^= 0xFF;
        return flipped;
    }

    private static TestCaseData Body(string what, PushRequest push, int status, string message) => new TestCaseData(push, status, message).SetArgDisplayNames(what);
}

/// <summary>What a body costs. Alone, since it measures the process's memory.</summary>
[NonParallelizable]
internal sealed class PushBodyMemoryTests : AcmeFixture
{
    [Test]
    public async Task ABodyThatGrowsWithoutEndCostsNothing()
    {
        var bomb = new PushRequest { Body = PushRequest.Compress(new byte[512 * 1024 * 1024]), ContentEncoding = "gzip" };
        var before = GC.GetTotalAllocatedBytes();

        var replies = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Service.PushAsync(bomb)));

        Assert.That(replies.Select(reply => reply.Status), Is.All.EqualTo(413));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(3 * 4 * 16 * 1024 * 1024), "A few times what each may have");
    }
}
