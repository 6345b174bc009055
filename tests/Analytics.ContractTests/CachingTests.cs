using System.IO.Compression;
using System.Text;
using Analytics.ContractTests.Support;

namespace Analytics.ContractTests;

/// <summary>ETag and 304, HEAD, compression and the headers of caches.</summary>
internal sealed class CachingTests
{
    private const string HeatMap = "group_by=day_of_week,hour_of_day";

    // They differ from one response to the next, or follow from the body.
    private static readonly string[] VaryingHeaders =
        ["Date", "X-Request-Id", "RateLimit", "Content-Type", "Content-Length", "Transfer-Encoding", "Connection", "Link"];

    private static ApiClient Api => Deployment.Api;

    [TestCase(Routes.Analytics), TestCase(Routes.Tasks), TestCase(Routes.Spaces), TestCase(Routes.Organisations)]
    public async Task Unchanged_response_is_304_without_a_body(string path)
    {
        var (first, second) = await Deployment.ReadAtOneVersionAsync(async () =>
        {
            var first = await Api.GetAsync("", path);
            return (first, await SendIfNoneMatchAsync("", path, first["ETag"]!));
        });

        Assert.That(first["ETag"], Does.Match("^\"[^\"]+\"$"), first.Explain("The ETag is strong."));
        Assert.That((second.Status, second.Content.Length), Is.EqualTo((304, 0)),
            first.Explain("If-None-Match with the current ETag gives 304 without a body.", second));
        Assert.That(GetStableHeaders(second), Is.EqualTo(GetStableHeaders(first)), first.Explain("304 has the headers of 200.", second));
    }

    [TestCase("{0}"), TestCase("W/{0}"), TestCase("\"other\", {0}"), TestCase("\"other\",W/{0} , \"another\"")]
    public async Task Matching_list_or_weak_tag_gives_304(string ifNoneMatch)
    {
        var (first, second) = await SendTwiceAsync(etag => ifNoneMatch.Replace("{0}", etag, StringComparison.Ordinal));

        Assert.That(second.Status, Is.EqualTo(304), first.Explain("If-None-Match may be a list, and W/ does not matter.", second));
    }

    [TestCase("*"), TestCase("\"other\""), TestCase("nonsense")]
    public async Task Other_tag_gives_200(string ifNoneMatch)
    {
        var (first, second) = await SendTwiceAsync(_ => ifNoneMatch);

        Assert.That((second.Status, second["ETag"]), Is.EqualTo((200, first["ETag"])),
            first.Explain("Another tag does not match, and * is ignored.", second));
    }

    [Test]
    public async Task If_Modified_Since_is_ignored()
    {
        var reply = await Api.SendAsync(new ContractRequest { Headers = [("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")] });

        Assert.That(reply.Status, Is.EqualTo(200), reply.Explain("If-Modified-Since is ignored."));
    }

    [Test]
    public async Task Another_query_format_or_product_has_another_ETag()
    {
        var replies = await Deployment.ReadAtOneVersionAsync(async () => new[]
        {
            await Api.GetAsync(),
            await Api.GetAsync("include=components"),
            await Api.GetAsync(Deployment.Days),
            await Api.GetAsync("format=csv"),
            await Api.GetAsync("format=ndjson"),
            await Api.SendAsync(new ContractRequest { Headers = [("Product-Id", "contract-tests.no-such-product")] }),
        });

        Assert.That(replies.Select(reply => reply["ETag"]), Is.Unique,
            replies[0].Explain("Responses of other queries, formats and products have other ETags.", replies[^1]));
    }

    [Test]
    public async Task Order_and_spelling_of_a_query_do_not_change_the_ETag()
    {
        var (first, second) = await Deployment.ReadAtOneVersionAsync(async () =>
            (await Api.GetAsync($"{Deployment.Days}&group_by=agent,direction&include=components"),
                await Api.GetAsync($"include=components&group_by=agent&group_by=direction&fill=zero&limit=100&{Deployment.Days}")));

        Assert.That((second["ETag"], second.Text), Is.EqualTo((first["ETag"], first.Text)),
            first.Explain("Two spellings of one query have one ETag.", second));
    }

    [TestCase(Routes.Analytics), TestCase(Routes.Tasks), TestCase(Routes.Definitions), TestCase(Routes.Spaces),
        TestCase(Routes.Organisations)]
    public async Task Head_has_the_headers_of_get_without_a_body(string path)
    {
        var (get, head) = await Deployment.ReadAtOneVersionAsync(async () =>
            (await Api.GetAsync("", path), await Api.SendAsync(new ContractRequest("", path) { Method = HttpMethod.Head })));

        Assert.That((head.Status, head.Content.Length, head.MediaType), Is.EqualTo((200, 0, get.MediaType)),
            get.Explain("HEAD answers like GET, without a body.", head));
        Assert.That(GetStableHeaders(head), Is.EqualTo(GetStableHeaders(get)), get.Explain("HEAD has the headers of GET.", head));
    }

    [Test]
    public async Task Data_may_be_stored_by_the_caller_only_and_must_be_revalidated()
    {
        var reply = await Api.GetAsync();

        Assert.That((reply["Cache-Control"], reply["Vary"]),
            Is.EqualTo(("private, no-cache", "Authorization, Org-Handle, Product-Id, Accept, Accept-Encoding, Origin")),
            reply.Explain("Data is private and revalidated, and varies with the headers it depends on."));
    }

    [TestCase("gzip", "gzip", "-gz\""), TestCase("br", "br", "-br\""), TestCase("gzip, deflate, br, zstd", "br", "-br\"")]
    [TestCase("gzip;q=0.5, br;q=0.4", "gzip", "-gz\"")]
    public async Task Long_response_is_compressed_as_accepted(string acceptEncoding, string encoding, string suffix)
    {
        var query = $"{Deployment.Days}&{HeatMap}";
        var (plain, compressed) = await Deployment.ReadAtOneVersionAsync(async () => (await Api.GetAsync(query),
            await Api.SendAsync(new ContractRequest(query) { Headers = [("Accept-Encoding", acceptEncoding)] })));

        Assert.That((compressed.Status, compressed["Content-Encoding"]), Is.EqualTo((200, encoding)),
            compressed.Explain("A response of more than 1 kB is compressed as Accept-Encoding prefers."));
        Assert.That(Decompress(compressed.Content, encoding), Is.EqualTo(plain.Text),
            plain.Explain("Compression does not change the body."));
        Assert.That(compressed["ETag"], Is.EqualTo($"{plain["ETag"]![..^1]}{suffix}"),
            plain.Explain("The tag of a compressed response ends in -br or -gz.", compressed));
    }

    [TestCase("identity"), TestCase("deflate"), TestCase("gzip;q=0"), TestCase("zstd")]
    public async Task Response_is_not_compressed_where_it_is_not_accepted(string acceptEncoding)
    {
        var reply = await Api.SendAsync(
            new ContractRequest($"{Deployment.Days}&{HeatMap}") { Headers = [("Accept-Encoding", acceptEncoding)] });

        Assert.That((reply.Status, reply["Content-Encoding"]), Is.EqualTo((200, (string?)null)),
            reply.Explain("Without gzip or br in Accept-Encoding nothing is compressed."));
    }

    private static Task<(Reply First, Reply Second)> SendTwiceAsync(Func<string, string> getIfNoneMatch) =>
        Deployment.ReadAtOneVersionAsync(async () =>
        {
            var first = await Api.GetAsync();
            return (first, await SendIfNoneMatchAsync("", Routes.Analytics, getIfNoneMatch(first["ETag"]!)));
        });

    private static Task<Reply> SendIfNoneMatchAsync(string query, string path, string value) =>
        Api.SendAsync(new ContractRequest(query, path) { Headers = [("If-None-Match", value)] });

    private static IEnumerable<string> GetStableHeaders(Reply reply) =>
        reply.Headers.Keys.Except(VaryingHeaders, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)
            .Select(name => $"{name}: {reply[name]}");

    private static string Decompress(byte[] content, string encoding)
    {
        using var input = new MemoryStream(content);
        using Stream output = encoding == "br"
            ? new BrotliStream(input, CompressionMode.Decompress)
            : new GZipStream(input, CompressionMode.Decompress);
        using var reader = new StreamReader(output, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
