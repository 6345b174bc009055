using System.Text;
using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>
/// Oversized requests are rejected or disconnected at low cost. (Bodies and their decompression: <see cref="PushBodyTests"/>.)
/// </summary>
internal sealed class OversizedRequestTests : AttackFixture
{
    // Close to the server's limit of all headers together.
    private const int LongTextLength = 30_000;

    private const int FourMegabytes = 4 * 1024 * 1024;

    private static IEnumerable<string> LongTexts =>
        [new('x', LongTextLength), string.Concat(Enumerable.Repeat("\"a\",", LongTextLength / 4)), new(',', LongTextLength), new(
            ';', LongTextLength), string.Concat(Enumerable.Repeat("a/b;q=0.1,", LongTextLength / 10)), new('"', LongTextLength),
            new('.', LongTextLength)];

    [TestCase("Authorization", 401), TestCase("Org-Handle", 400), TestCase("Product-Id", 400)]
    [TestCase("If-None-Match", 200), TestCase("If-Modified-Since", 200), TestCase("Last-Event-ID", 200), TestCase(
        "X-Request-Id", 200), TestCase("Accept", 200), TestCase("Accept-Charset", 200), TestCase("Accept-Encoding", 200), TestCase(
            "Origin", 200), TestCase("Range", 200), TestCase("Cookie", 200), TestCase("Expect", 200), TestCase("X-Forwarded-For", 200),
            TestCase("traceparent", 200), TestCase("baggage", 200)]
    public async Task Long_header_is_handled_or_rejected(string header, int status)
    {
        foreach (var text in LongTexts)
        {
            foreach (var route in Route.ReadRoutes)
            {
                var request = new AnalyticsRequest { Handle = header == "Org-Handle" ? null : Acme.Handle,
                    Authorization = header == "Authorization" ? null : Tokens.CreateAuthorization(Acme.MemberUserId) };

                var reply = await Service.SendAsync(
                    route, request with { Headers = [(header, header == "Authorization" ? $"jwt {text}" : text)] });

                Assert.That(reply.Status, Is.EqualTo(status), $"{route} {text[..10]}: {reply.Body}");
            }
        }
    }

    [TestCase("Content-Type"), TestCase("Content-Encoding")]
    public async Task Oversized_content_type_or_encoding_returns_415(string header)
    {
        foreach (var text in LongTexts)
        {
            var push = PushRequest.Create(new NativeTask("a"));
            var reply = await Service.PushAsync(
                header == "Content-Type" ? push with { ContentType = text } : push with { ContentEncoding = text });

            Assert.That(reply.Status, Is.EqualTo(415));
        }
    }

    [TestCase(9_000), TestCase(FourMegabytes)]
    public async Task Oversized_request_target_returns_414_or_is_cut_off(int length)
    {
        foreach (var query in new[] {
            $"cursor={new string('x', length)}", string.Concat(Enumerable.Repeat("a&", length / 2)), new('%', length) })
        {
            await AssertRejectedOrCutOffAsync($"GET {TaskListRequests.Path}?{query} HTTP/1.1\r\nHost: a\r\n\r\n", 414);
        }

        await AssertRejectedOrCutOffAsync($"GET /{new string('a', length)} HTTP/1.1\r\nHost: a\r\n\r\n", 414);
    }

    [Test]
    public async Task Oversized_request_head_is_rejected_or_cut_off()
    {
        await AssertRejectedOrCutOffAsync(
            $"GET {AnalyticsRequest.AnalyticsPath} HTTP/1.1\r\nHost: a\r\nX-A: {new string('x', 40_000)}\r\n\r\n", 431);
        await AssertRejectedOrCutOffAsync(
            $"GET {AnalyticsRequest.AnalyticsPath} HTTP/1.1\r\nHost: a\r\nX-A: {new string('x', FourMegabytes)}\r\n\r\n", 431);
        await AssertRejectedOrCutOffAsync(
            $"GET {AnalyticsRequest.AnalyticsPath} HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Range(0, 200).Select(number => $"X-{number}: a\r\n"))}\r\n", 431);
        await AssertRejectedOrCutOffAsync(
            $"GET {AnalyticsRequest.AnalyticsPath} HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Repeat("Org-Handle: acme.example\r\n", 200))}\r\n", 431);
        await AssertRejectedOrCutOffAsync($"{new string('G', FourMegabytes)} / HTTP/1.1\r\nHost: a\r\n\r\n", 414);
    }

    [Test]
    public async Task Thousands_of_parameters_return_200_or_400()
    {
        foreach (var query in new[] {
            string.Concat(Enumerable.Repeat("a&", 3_900)), string.Join('&', Enumerable.Range(0, 1_400).Select(number => $"a{number}")), new(
                '&', 7_900), new('%', 7_900), string.Concat(Enumerable.Repeat("agent=&", 1_100)),
                string.Concat(Enumerable.Repeat("%61=&", 1_500)) })
        {
            foreach (var route in Route.ReadRoutes)
            {
                Assert.That((await Service.SendAsync(route, new AnalyticsRequest { Query = query })).Status,
                    Is.EqualTo(200).Or.EqualTo(400), $"{route} {query[..20]}");
            }
        }
    }

    [Test]
    public async Task Too_long_or_too_deep_line_is_rejected_without_affecting_others()
    {
        string[] lines =
        [
            $$"""{"task_id":"long","space_token":"SALES","status":"{{new string('x', 65_536)}}"}""",
            $$"""{"task_id":{{new string('[', 300)}}{{new string(']', 300)}}}""",
            $$"""{"task_id":{{new string('[', 30_000)}}""",
            string.Concat(Enumerable.Repeat("{\"a\":", 10_000)),
            $$"""{{{string.Join(',', Enumerable.Range(0, 5_000).Select(number => $"\"k{number}\":1"))}}}""",
            $$"""{"task_id":"digits","space_token":"SALES","status":"completed","success_score":{{new string('9', 60_000)}}}""",
            $$"""{"task_id":"power","space_token":"SALES","status":"completed","duration_seconds":1e999999999}""",
        ];

        var reply = await Service.PushAsync(PushRequest.FromText(string.Join('\n', [.. lines, new NativeTask("neighbour").ToLine()])));

        Assert.That((reply.GetCounts().Rejected, reply.GetCounts().Inserted), Is.EqualTo((lines.Length, 1)), reply.Body);
    }

    // The server stops reading before it responds, so the connection may be reset first.
    private async Task AssertRejectedOrCutOffAsync(string request, int status)
    {
        var response = await AttackClient.SendAsync(Service.Address, Encoding.Latin1.GetBytes(request));

        Assert.That(response, Is.Empty.Or.StartsWith($"HTTP/1.1 {status} "));
    }
}

/// <summary>The cost of highly compressed bodies; not parallelizable, since it measures the CPU time of the process.</summary>
[NonParallelizable]
internal sealed class OversizedBodyTests : AttackFixture
{
    [TestCase("\n"), TestCase("\r\n"), TestCase(" \t\r\n")]
    public async Task Millions_of_compressed_blank_lines_take_under_1_second_of_cpu(string blank)
    {
        var count = ((16 * 1024 * 1024) - 2) / blank.Length;
        var push = PushRequest.FromText($"{string.Concat(Enumerable.Repeat(blank, count))}{{}}").WithGzip();
        var before = Environment.CpuUsage.TotalTime;

        var reply = await Service.PushAsync(push);

        Assert.That(Environment.CpuUsage.TotalTime - before, Is.LessThan(TimeSpan.FromSeconds(1)), $"{push.Body.Length} bytes");
        Assert.That(reply.GetErrors().Single().Line, Is.EqualTo(count + 1));
    }

    [Test]
    public async Task Millions_of_lone_surrogate_keys_take_under_3_seconds_of_cpu()
    {
        var line = "{" + string.Join(',', Enumerable.Repeat("\"\\ud800\":0", 5_000)) + "}";
        var push = PushRequest.FromText(string.Join('\n', Enumerable.Repeat(line, 280))).WithGzip();
        var before = Environment.CpuUsage.TotalTime;

        var reply = await Service.PushAsync(push);

        Assert.That(Environment.CpuUsage.TotalTime - before, Is.LessThan(TimeSpan.FromSeconds(3)), $"{push.Body.Length} bytes");
        Assert.That(reply.GetCounts().Rejected, Is.EqualTo(280));
    }
}
