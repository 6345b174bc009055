using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>One request remains one request about one organisation, however its bytes are framed. The user is a member of both.</summary>
internal sealed partial class RequestSmugglingTests : AttackFixture
{
    private const string SmuggledRequestId = "smuggled";
    private const string LastRequest = "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private static readonly string AuthorizationLine = $"Authorization: {Tokens.CreateAuthorization(Victim.MemberOfBoth)}\r\n";
    private static readonly string AcmeHeaders = $"Host: a\r\n{AuthorizationLine}Org-Handle: {Acme.Handle}\r\n";

    // The hidden request names itself, so that its response would too.
    private static readonly string HiddenRequest =
        $"GET {AnalyticsRequest.AnalyticsPath} HTTP/1.1\r\nHost: a\r\n{AuthorizationLine}Org-Handle: {Victim.Handle}\r\nX-Request-Id: {SmuggledRequestId}\r\n\r\n";

    private static readonly string TaskLine = new NativeTask("smuggled task").ToLine();

    private static IEnumerable<TestCaseData> BodyCases()
    {
        yield return CreateBodyCase(
            "a length and chunks", $"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{HiddenRequest}");
        yield return CreateBodyCase("chunks and a length that hides a request",
            $"Transfer-Encoding: chunked\r\nContent-Length: {HiddenRequest.Length + 5}\r\n\r\n0\r\n\r\n{HiddenRequest}");
        yield return CreateBodyCase("two lengths", $"Content-Length: 0\r\nContent-Length: {HiddenRequest.Length}\r\n\r\n{HiddenRequest}");
        yield return CreateBodyCase("two lengths in one", $"Content-Length: 0, {HiddenRequest.Length}\r\n\r\n{HiddenRequest}");
        yield return CreateBodyCase("a negative length", $"Content-Length: -1\r\n\r\n{HiddenRequest}");
        yield return CreateBodyCase("a length in hex", $"Content-Length: 0x10\r\n\r\n{HiddenRequest}");
        yield return CreateBodyCase("a length that overflows", $"Content-Length: 99999999999999999999\r\n\r\n{HiddenRequest}");
        yield return CreateBodyCase("an empty length", $"Content-Length: \r\n\r\n{HiddenRequest}");
        yield return CreateBodyCase("an unknown coding", $"Content-Length: 0\r\nTransfer-Encoding: xchunked\r\n\r\n{HiddenRequest}");
        yield return CreateBodyCase(
            "chunks, then none", $"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n{HiddenRequest}");
        yield return CreateBodyCase(
            "a coding after a space", $"Transfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n{HiddenRequest}");
        yield return CreateBodyCase(
            "a coding after a tab", $"Transfer-Encoding: \vchunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n{HiddenRequest}");
        yield return CreateBodyCase(
            "a folded coding", $"Content-Length: 0\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n{HiddenRequest}");
        yield return CreateBodyCase("a chunk size that is not a number", $"Transfer-Encoding: chunked\r\n\r\nxyz\r\n{HiddenRequest}");
        yield return CreateBodyCase("a negative chunk size", $"Transfer-Encoding: chunked\r\n\r\n-1\r\n{HiddenRequest}");
        yield return CreateBodyCase(
            "a chunk size that overflows", $"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{HiddenRequest}");
        yield return CreateBodyCase(
            "a chunk size that overflows slightly", $"Transfer-Encoding: chunked\r\n\r\n80000000\r\n{HiddenRequest}");
        yield return CreateBodyCase(
            "a chunk extension with a line break", $"Transfer-Encoding: chunked\r\n\r\n1;\n{HiddenRequest}\r\n0\r\n\r\n");
        yield return CreateBodyCase(
            "a chunk without its end", $"Transfer-Encoding: chunked\r\n\r\n{TaskLine.Length:x}\r\n{TaskLine}0\r\n\r\n{HiddenRequest}");
        yield return CreateBodyCase(
            "a length that includes another request", $"Content-Length: {HiddenRequest.Length}\r\n\r\n{HiddenRequest}");
        yield return CreateBodyCase("chunks that include another request",
            $"Transfer-Encoding: chunked\r\n\r\n{HiddenRequest.Length:x}\r\n{HiddenRequest}\r\n0\r\n\r\n");
    }

    private static IEnumerable<TestCaseData> HeaderCases()
    {
        var handle = $"Org-Handle: {Victim.Handle}";
        yield return CreateHeaderCase("a folded line", $"X-A: b\r\n {handle}\r\n");
        yield return CreateHeaderCase("a folded handle", $"X-A: b\r\nOrg-Handle:\r\n {Victim.Handle}\r\n");
        yield return CreateHeaderCase("half a line's end", $"X-A: b\n{handle}\r\n");
        yield return CreateHeaderCase("the other half", $"X-A: b\r{handle}\r\n");
        yield return CreateHeaderCase("a NUL", $"X-A: b\0\r\n{handle}\0\r\n");
        yield return CreateHeaderCase("a space before the colon", $"Org-Handle : {Victim.Handle}\r\n");
        yield return CreateHeaderCase("a tab before the colon", $"Org-Handle\t: {Victim.Handle}\r\n");
        yield return CreateHeaderCase("a space before the name", $"X-A: b\r\n  {handle}\r\n");
        yield return CreateHeaderCase("no colon", $"Org-Handle={Victim.Handle}\r\n");
        yield return CreateHeaderCase("no name", $": {Victim.Handle}\r\n");
        yield return CreateHeaderCase("a second handle", $"{handle}\r\n");
        yield return CreateHeaderCase("a second handle in other case", $"oRG-hANDLE: {Victim.Handle}\r\n");
        yield return CreateHeaderCase("a second host", $"Host: {Victim.Handle}\r\n");
        yield return CreateHeaderCase("a header that hides the handle from a proxy", $"Connection: Org-Handle\r\n");
        foreach (var name in new[] { "Org_Handle", "ORG_HANDLE", "Org-Handle_", "OrgHandle", "Org--Handle", "X-Org-Handle",
            "X-Forwarded-Org-Handle", "Organisation", "Organization-Id", "X-Organisation-Id" })
        {
            yield return CreateHeaderCase(name, $"{name}: {Victim.Handle}\r\n");
        }

        foreach (var name in new[] {
            "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Path", "X-Forwarded-Prefix", "X-Original-Method", "X-HTTP-Method-Override",
            "X-HTTP-Method", "X-Method-Override", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "X-Host", "Forwarded",
            "Base-Url" })
        {
            yield return CreateHeaderCase($"{name} with a path", $"{name}: /api/v2/platform/organisation/tasks/\r\n");
            yield return CreateHeaderCase($"{name} with a method", $"{name}: DELETE\r\n");
        }
    }

    [TestCaseSource(nameof(BodyCases))]
    public async Task Body_cannot_hide_a_second_request(string rest)
    {
        var responses = await AttackClient.SendAsync(Service.Address,
            GetBytes($"POST {PushRequest.Path} HTTP/1.1\r\n{AcmeHeaders}Content-Type: application/x-ndjson\r\n{rest}{LastRequest}"));

        Assert.That(ParseStatuses(responses), Is.Not.Empty.And.All.LessThan(500), responses);
        Assert.That(responses, Does.Not.Contain(SmuggledRequestId));
    }

    [TestCaseSource(nameof(HeaderCases))]
    public async Task Header_line_cannot_redirect_request_to_another_organisation(string line)
    {
        var expected = await Service.SendAsync(new AnalyticsRequest { Authorization = Tokens.CreateAuthorization(Victim.MemberOfBoth) });

        foreach (var head in new[] { $"{line}{AcmeHeaders}", $"{AcmeHeaders}{line}" })
        {
            var responses = await AttackClient.SendAsync(
                Service.Address, GetBytes($"GET {AnalyticsRequest.AnalyticsPath} HTTP/1.1\r\n{head}\r\n{LastRequest}"));

            Assert.That(ParseStatuses(responses)[0], Is.EqualTo(200).Or.EqualTo(400), responses);
            Assert.That(ParseStatuses(responses)[0] == 400 || responses.Contains(expected.Body, StringComparison.Ordinal), responses);
        }
    }

    [TestCase("{0},{1}"), TestCase("{1},{0}"), TestCase("{0};{1}"), TestCase("{0} {1}"), TestCase("{0}%00{1}"), TestCase(
        "{0}%0d%0aOrg-Handle: {1}"), TestCase("{0}/../{1}"), TestCase("{0}\u00A0"), TestCase("\"{0}\""), TestCase("{0}\\"),
        TestCase("http://{0}"), TestCase("{0}:80"), TestCase("*"), TestCase("%2A")]
    [TestCase("\u00E1cme.example"), TestCase("\u0430cme.example"), TestCase("acme\u3002example"), TestCase("\uFF41cme.example"), TestCase(
        "acme.example\u200B"), TestCase("acme.examp\u2113e"), TestCase("acme%2Eexample"), TestCase("%61cme.example"),
        TestCase("xn--acme.example\u00E9")]
    public async Task Handle_must_be_a_single_ASCII_name(string handle)
    {
        handle = Encoding.Latin1
            .GetString(Encoding.UTF8.GetBytes(string.Format(CultureInfo.InvariantCulture, handle, Acme.Handle, Victim.Handle)));
        foreach (var route in Route.OrganisationRoutes)
        {
            var reply = await Service.SendAsync(
                route, new AnalyticsRequest { Authorization = Tokens.CreateAuthorization(Victim.MemberOfBoth), Handle = handle });

            Assert.That((reply.Status, reply.Message), Is.EqualTo((400, "Org-Handle must be 1-99 ASCII letters, digits, '.', '-' or '_'.")),
                $"{route}");
        }
    }

    [TestCase("space_token=SALES&space_token=BETAONLY"), TestCase("space_token=BETAONLY&space_token=SALES"), TestCase(
        "space_token=SALES&space%5Ftoken=BETAONLY"), TestCase("space_token=SALES&%73pace_token=SALES"),
        TestCase("space_token=SALES&space_token")]
    [TestCase("space_token=SALES%26space_token=BETAONLY"), TestCase("space_token=SALES;space_token=BETAONLY"), TestCase(
        "space_token=SALES,BETAONLY"), TestCase("space_token=SALES%00"), TestCase("space_token=SALES%0D%0AOrg-Handle:%20beta.example"),
        TestCase("space_token=%2553ALES")]
    [TestCase("date_range=7d&date_range=all"), TestCase("direction=inbound&direction=outbound"), TestCase("timezone=UTC&timezone=UTC"),
        TestCase("format=json&format=csv")]
    public async Task Duplicate_or_disguised_parameter_is_rejected(string query)
    {
        foreach (var route in Route.ReadRoutes)
        {
            var reply = await Service.SendAsync(route, new AnalyticsRequest { Query = query });

            Assert.That((reply.Status, reply.Json["errors"]!.AsObject().Single().Key),
                Is.EqualTo((400, query[..query.IndexOf('=', StringComparison.Ordinal)])), $"{route}");
        }
    }

    [TestCase("space_token[]=BETAONLY"), TestCase("space_token[0]=BETAONLY"), TestCase("Space_Token=BETAONLY"), TestCase(
        "SPACE_TOKEN=BETAONLY"), TestCase("spaceToken=BETAONLY"), TestCase("space-token=BETAONLY"), TestCase("space_token%20=BETAONLY"),
        TestCase("a;space_token=BETAONLY"), TestCase("?space_token=BETAONLY")]
    [TestCase("Org-Handle=beta.example"), TestCase("org_handle=beta.example"), TestCase("handle=beta.example"), TestCase(
        "organisation_id=2"), TestCase("organization=2"), TestCase("product_id=other"), TestCase("user_id=8"), TestCase("__proto__=1"),
        TestCase("$where=1")]
    public async Task Similar_parameter_name_is_not_an_alias(string query)
    {
        var baseline = await Service.SendAsync(new AnalyticsRequest { Authorization = Tokens.CreateAuthorization(Victim.MemberOfBoth) });

        var totals = await Service.SendAsync(
            new AnalyticsRequest { Authorization = Tokens.CreateAuthorization(Victim.MemberOfBoth), Query = query });
        var others = await Task.WhenAll(Route.All.Except([Route.Totals, Route.Stream]).Select(route => Service.SendAsync(
            route, new AnalyticsRequest { Authorization = Tokens.CreateAuthorization(Victim.MemberOfBoth), Query = query })));

        var isMisspelt = totals.Status == 400 && totals.Message.EndsWith("did you mean space_token?", StringComparison.Ordinal);
        Assert.That(isMisspelt || (totals.Body, totals["ETag"]) == (baseline.Body, baseline["ETag"]), $"Used: {totals.Body}");
        Assert.That(others.Select(reply => reply.Status), Is.All.EqualTo(400), "The request is rejected");
    }

    [TestCase("http://evil.example{0}"), TestCase("http://a@evil.example{0}"), TestCase("http://a{0}"), TestCase("ftp://a{0}"), TestCase(
        "//evil.example{0}"), TestCase("{0}\0"), TestCase("{0}%00"), TestCase("{0}#x"), TestCase("{0}%23"), TestCase(
            "{0}%3Fspace_token=BETAONLY"), TestCase("{0};space_token=BETAONLY"), TestCase("{0}..%2f"), TestCase(
                "{0}../../../../../../../etc/passwd"), TestCase("{0}%2e%2e/tasks/"), TestCase("{0}..;/"), TestCase("/{0}"), TestCase(
                    "{0}/"), TestCase("/%61pi/v2/platform/organisation/analytics/"), TestCase("*"), TestCase("a:80"), TestCase("\u00E9{0}"),
                    TestCase("{0} x")]
    public async Task Unusual_request_target_is_rejected_or_served_as_the_route(string target)
    {
        var expected = await Service.SendAsync(new AnalyticsRequest { Authorization = Tokens.CreateAuthorization(Victim.MemberOfBoth) });

        foreach (var method in new[] { "GET", "get", "OPTIONS", "CONNECT", "TRACE", "PROPFIND", "G\u00CBT", "GET GET" })
        {
            var responses =
                await AttackClient.SendAsync(
                    Service.Address, GetBytes(
                        $"{method} {string.Format(CultureInfo.InvariantCulture, target, AnalyticsRequest.AnalyticsPath)} HTTP/1.1\r\n{AcmeHeaders}\r\n{LastRequest}"));

            Assert.That(ParseStatuses(responses)[0], Is.LessThan(500), responses);
            Assert.That(ParseStatuses(responses)[0] >= 400 || responses.Contains(expected.Body, StringComparison.Ordinal), responses);
        }
    }

    private static byte[] GetBytes(string text) => Encoding.Latin1.GetBytes(text);

    private static int[] ParseStatuses(string responses) =>
        [.. StatusCodePattern().Matches(responses).Select(line => int.Parse(line.Value, CultureInfo.InvariantCulture))];

    private static TestCaseData CreateBodyCase(string name, string rest) => new TestCaseData(rest).SetArgDisplayNames(name);

    private static TestCaseData CreateHeaderCase(string name, string line) => new TestCaseData(line).SetArgDisplayNames(name);

    [GeneratedRegex(@"(?<=HTTP/1\.1 )\d{3}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex StatusCodePattern();
}
