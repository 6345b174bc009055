using System.Text;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>Responses above 1 kB are compressed if the client accepts it; errors are not.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class CompressionTests(DatabaseEngine engine) : AcmeFixture(engine)
{
    private const string Vary = "Authorization, Org-Handle, Product-Id, Accept, Accept-Encoding, Origin";

    private static readonly AnalyticsRequest LongRequest = new() { Query = "date_range=91d&interval=day" };

    private static readonly (string Name, AnalyticsRequest Request)[] LongRequests =
    [
        ("JSON", LongRequest),
        ("CSV", LongRequest with { Query = $"{LongRequest.Query}&format=csv" }),
        ("NDJSON", LongRequest with { Query = $"{LongRequest.Query}&format=ndjson" }),
        ("a task list", new() { Path = TaskListRequests.Path }),
        ("a CSV export", new() { Path = TaskListRequests.Path, Query = "format=csv" }),
        ("an NDJSON export", new() { Path = TaskListRequests.Path, Query = "format=ndjson" }),
        ("definitions", new() { Path = $"{AnalyticsRequest.AnalyticsPath}definitions/" }),
    ];

    private static IEnumerable<TestCaseData> CompressedRequests() =>
        from encoding in new[] { "br", "gzip" }
        from request in LongRequests
        select new TestCaseData(request.Request, encoding).SetArgDisplayNames(request.Name, encoding);

    [TestCase("br", "br"), TestCase("gzip", "gzip"), TestCase("GZip", "gzip"), TestCase("*", "br"), TestCase("gzip, deflate, br, zstd", "br")]
    [TestCase("gzip;q=0.5, br;q=0.4", "gzip"), TestCase("gzip;q=0.5, identity;q=0.4", "gzip"), TestCase("br;q=0, *", "gzip")]
    [TestCase(null, null), TestCase("", null), TestCase("identity", null), TestCase("deflate, zstd", null), TestCase("br;q=0", null)]
    [TestCase("gzip;q=0.4, identity;q=0.5", null), TestCase("gzip;q=0, br;q=0.0, *;q=0", null), TestCase("nonsense;;", null)]
    public async Task Encoding_is_the_one_that_the_client_prefers(string? acceptEncoding, string? encoding)
    {
        var reply = await Service.SendEncodedAsync(LongRequest, acceptEncoding);

        Assert.That((reply.Status, reply["Content-Encoding"], reply["Vary"]), Is.EqualTo((200, encoding, Vary)));
    }

    [TestCaseSource(nameof(CompressedRequests))]
    public async Task Long_body_is_compressed_and_equal_after_decompression(AnalyticsRequest request, string encoding)
    {
        var plain = await Service.SendEncodedAsync(request, acceptEncoding: null);
        var compressed = await Service.SendEncodedAsync(request, encoding);

        Assert.That((compressed["Content-Encoding"], compressed.Text), Is.EqualTo((encoding, plain.Text)));
        Assert.That(plain.Body, Has.Length.GreaterThan(2 * compressed.Body.Length));
        Assert.That((compressed["Vary"], plain["Vary"], plain["Content-Encoding"]), Is.EqualTo((Vary, Vary, (string?)null)));
        Assert.That(compressed["ETag"], Is.EqualTo(plain["ETag"] is { } etag ? AddSuffix(etag, encoding) : null));
    }

    [TestCaseSource(nameof(CompressedRequests))]
    public async Task Head_returns_the_headers_of_get(AnalyticsRequest request, string encoding)
    {
        var get = await Service.SendEncodedAsync(request, encoding);
        var head = await Service.SendEncodedAsync(request with { Method = "HEAD" }, encoding);

        Assert.That(head.SharedHeaders, Is.EqualTo(get.SharedHeaders));
        Assert.That(head.Body, Is.Empty);
    }

    [TestCaseSource(nameof(CompressedRequests))]
    public async Task IfNoneMatch_matches_whatever_its_suffix_and_is_returned(AnalyticsRequest request, string encoding)
    {
        if ((await Service.SendEncodedAsync(request, acceptEncoding: null))["ETag"] is not { } etag)
        {
            Assert.That(request.Path, Does.EndWith("definitions/"));
            return;
        }

        foreach (var tag in new[] { etag, AddSuffix(etag, "br"), AddSuffix(etag, "gzip") })
        {
            var reply = await Service.SendEncodedAsync(request, encoding, ifNoneMatch: $"\"other\", W/{tag}");

            Assert.That((reply.Status, reply["ETag"], reply["Vary"], reply["Content-Encoding"]), Is.EqualTo((304, tag, Vary, (string?)null)));
        }

        var all = await Service.SendEncodedAsync(
            request, encoding, ifNoneMatch: $"{etag}, {AddSuffix(etag, "gzip")}, {AddSuffix(etag, "br")}");
        var changed = await Service.SendEncodedAsync(request, encoding, ifNoneMatch: AddSuffix($"\"x{etag[1..]}", encoding));
        Assert.That((all.Status, all["ETag"]), Is.EqualTo((304, AddSuffix(etag, encoding))), "of several, that of the accepted encoding");
        Assert.That(changed.Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Short_body_is_not_compressed()
    {
        var plain = await Service.SendEncodedAsync(new(), acceptEncoding: null);
        var reply = await Service.SendEncodedAsync(new(), "br, gzip");

        Assert.That(reply.Body, Has.Length.LessThan(1024));
        Assert.That(reply.SharedHeaders, Is.EqualTo(plain.SharedHeaders));
        Assert.That(reply.Text, Is.EqualTo(plain.Text));
    }

    [Test]
    public async Task Long_answer_to_a_push_is_compressed()
    {
        var push = new AnalyticsRequest { Method = "POST", Path = PushRequest.Path, Authorization = Tokens.CreateAuthorization(PushRequest.EditorUserId) };
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{}\n", 100)));

        var reply = await Service.SendEncodedAsync(push, "gzip", body: body);

        Assert.That((reply.Status, reply["Content-Encoding"]), Is.EqualTo((200, "gzip")));
        Assert.That(reply.Text, Does.Contain("\"rejected\":100"));
    }

    [TestCase("br"), TestCase("gzip"), TestCase(null)]
    public async Task OpenApi_document_is_compressed(string? encoding)
    {
        var reply = await Service.SendEncodedAsync(new AnalyticsRequest { Path = "/openapi/v1.json" }, encoding);

        Assert.That((reply["Content-Encoding"], reply["Vary"]), Is.EqualTo((encoding, "Accept-Encoding, Origin")));
        Assert.That(reply.Text, Is.EqualTo((await Service.SendAsync("/openapi/v1.json")).Body));
        Assert.That(reply.Body, encoding is null ? Has.Length.GreaterThan(200_000) : Has.Length.LessThan(60_000));
    }

    [Test]
    public async Task Errors_are_not_compressed()
    {
        var unknown = string.Join('&', Enumerable.Range(0, 100).Select(number => $"unknown_{number}=1"));
        AnalyticsRequest[] requests =
        [
            new() { Path = TaskListRequests.Path, Query = unknown },
            new() { Path = EventStream.Path, Query = unknown },
            new() { Path = TaskListRequests.Path, Query = "format=csv", Handle = "unknown.example" },
            new() { Path = "/unknown" },
        ];

        foreach (var request in requests)
        {
            var reply = await Service.SendEncodedAsync(request, "br, gzip");

            Assert.That((reply["Content-Encoding"], reply["ETag"]), Is.EqualTo(((string?)null, (string?)null)), request.Target);
            Assert.That(reply.Text, Does.StartWith($"{{\"status_code\":{reply.Status},"));
        }

        Assert.That((await Service.SendEncodedAsync(requests[0], "br")).Body, Has.Length.GreaterThan(1024));
    }

    [Test]
    public async Task Export_that_fails_before_its_first_byte_returns_an_error_that_is_not_compressed()
    {
        await using var service = await Acme.StartServiceAsync(Engine, ("Exports:MaxSpoolBytes", "1"));

        var reply = await service.SendEncodedAsync(new AnalyticsRequest { Path = TaskListRequests.Path, Query = "format=csv" }, "br, gzip");

        Assert.That((reply.Status, reply["Content-Encoding"], reply["ETag"]), Is.EqualTo((503, (string?)null, (string?)null)));
        Assert.That(reply.Text, Does.Contain("Service temporarily unavailable."));
    }

    [Test]
    public async Task Compressed_export_that_fails_midway_is_aborted()
    {
        await using var service = await Acme.StartServiceAsync(Engine, ("Exports:MaxSpoolBytes", "40000"));
        var random = new Random(1);
        await service.AddSalesTasksAsync(
            Enumerable.Range(0, 2000).Select(number => new NativeTask($"{number}") { RunId = $"{random.NextInt64():x}{random.NextInt64():x}" }));

        Assert.That(
            () => service.SendEncodedAsync(new AnalyticsRequest { Path = TaskListRequests.Path, Query = "format=csv" }, "gzip"),
            Throws.InstanceOf<HttpRequestException>());
    }

    [TestCase("br"), TestCase("gzip")]
    public async Task Compressed_export_without_matches_is_an_empty_file(string encoding)
    {
        var reply = await Service.SendEncodedAsync(
            new AnalyticsRequest { Path = TaskListRequests.Path, Query = "run_id=none&format=ndjson" }, encoding);

        Assert.That((reply["Content-Encoding"], reply.Text), Is.EqualTo((encoding, "")));
        Assert.That(reply.Body, Is.Not.Empty, "The end of the compressed file is there");
    }

    [Test]
    public async Task Export_for_http_1_0_has_a_length_and_is_not_compressed()
    {
        var reply = await Service.ListTasksAsync("format=csv", new AnalyticsRequest { Headers = [("Accept-Encoding", "br, gzip")] });

        Assert.That((reply["Content-Encoding"], reply["Content-Length"], reply["Vary"]),
            Is.EqualTo(((string?)null, $"{Encoding.UTF8.GetByteCount(reply.Body)}", Vary)));
    }

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        var service = await Acme.StartServiceAsync(Engine);
        await service.AddSalesTasksAsync(Enumerable.Range(0, 100).Select(number => new NativeTask($"task {number}")));
        return service;
    }

    private static string AddSuffix(string etag, string encoding) => $"{etag[..^1]}-{(encoding == "br" ? "br" : "gz")}\"";
}
