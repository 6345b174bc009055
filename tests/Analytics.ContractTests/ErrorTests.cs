using Analytics.ContractTests.Support;

namespace Analytics.ContractTests;

/// <summary>Every error that a caller can cause without writing: its status, code, message and headers.</summary>
internal sealed class ErrorTests
{
    private const string CredentialsMissing = "Authentication credentials were not provided.";
    private const string TokenInvalid = "Invalid or expired token.";
    private const string UnknownHandle = "contract-tests.invalid";
    private const string Unsigned = "eyJhbGciOiJub25lIn0.eyJ1c2VyX2lkIjoxLCJleHAiOjQxMDI0NDQ4MDB9.";

    private static ApiClient Api => Deployment.Api;

    private static IEnumerable<TestCaseData> Errors()
    {
        yield return Case("unknown route", () => new("", "/api/v2/platform/organisation/nothing/"), 404, "not_found", "Not found.");
        yield return Case(
            "unknown route without a token", () => new("", "/api/v2/platform/") { Authorization = null }, 404, "not_found", "Not found.");
        yield return Case(
            "other method", () => new() { Method = HttpMethod.Delete }, 405, "method_not_allowed", "Method not allowed.");
        yield return Case(
            "other method without a token", () => new() { Method = HttpMethod.Put, Authorization = null }, 405, "method_not_allowed",
            "Method not allowed.");
        yield return Case("get of the push route", () => new("", Routes.Push), 405, "method_not_allowed", "Method not allowed.");
        yield return Case("no token", () => new() { Authorization = null }, 401, "authentication_required", CredentialsMissing);
        yield return Case("no token and no handle", () => new() { Authorization = null, Handle = null }, 401, "authentication_required",
            CredentialsMissing);
        yield return Case(
            "another scheme", () => new() { Authorization = "Basic YTpi" }, 401, "authentication_required", CredentialsMissing);
        yield return Case(
            "a token without its scheme", () => new() { Authorization = Deployment.Token }, 401, "scheme_missing", CredentialsMissing);
        yield return Case("the scheme without a token", () => new() { Authorization = "jwt" }, 401, "token_invalid", TokenInvalid);
        yield return Case("a malformed token", () => new() { Authorization = "jwt nonsense" }, 401, "token_invalid", TokenInvalid);
        yield return Case("an unsigned token", () => new() { Authorization = $"jwt {Unsigned}" }, 401, "token_invalid", TokenInvalid);
        yield return Case(
            "a token with another signature", () => new() { Authorization = $"Bearer {ReverseSignature()}" }, 401, "token_invalid",
            TokenInvalid);
        yield return Case("no handle", () => new() { Handle = null }, 400, "org_handle_required", "Org-Handle header is required.");
        yield return Case("a blank handle", () => new() { Handle = " " }, 400, "org_handle_required", "Org-Handle header is required.");
        yield return Case("an invalid handle", () => new() { Handle = "a b" }, 400, "invalid_parameter",
            "Org-Handle must be 1-99 ASCII letters, digits, '.', '-' or '_'.");
        yield return Case("an invalid product", () => new() { Headers = [("Product-Id", "a/b")] }, 400, "invalid_parameter",
            "Product-Id must be 1-100 ASCII letters, digits, '.', '-' or '_'.");
        yield return Case("an invalid space", () => new("space_token=a-b"), 400, "invalid_parameter",
            "space_token must be 1-30 ASCII letters or digits.");
        yield return Case(
            "a space given twice", () => new("space_token=A&space_token=A"), 400, "invalid_parameter",
            "space_token must be given only once.");
        yield return Case(
            "an invalid space and an unknown handle", () => new("space_token=-") { Handle = UnknownHandle }, 400, "invalid_parameter",
            "space_token must be 1-30 ASCII letters or digits.");
        yield return Case(
            "an unknown handle", () => new() { Handle = UnknownHandle }, 404, "organization_not_found", "Organization not found.");
        yield return Case(
            "an unknown handle and an unknown space", () => new("space_token=CONTRACTTESTSNOWHERE") { Handle = UnknownHandle }, 404,
            "organization_not_found", "Organization not found.");
        yield return Case("an unknown space", () => new("space_token=CONTRACTTESTSNOWHERE"), 404, "space_not_found", "Space not found.");
        yield return Case("an unknown handle on the list of tasks", () => new("", Routes.Tasks) { Handle = UnknownHandle }, 404,
            "organization_not_found", "Organization not found.");
        yield return Case("no token on the stream", () => new("", Routes.Stream) { Authorization = null }, 401, "authentication_required",
            CredentialsMissing);
        yield return Case("no handle on the list of spaces", () => new("", Routes.Spaces) { Handle = null }, 400, "org_handle_required",
            "Org-Handle header is required.");
    }

    // With an empty body, so that nothing could be written.
    private static IEnumerable<TestCaseData> RejectedPushes()
    {
        yield return Case(
            "a push without a token", () => CreatePush() with { Authorization = null }, 401, "authentication_required", CredentialsMissing);
        yield return Case(
            "a push of another type", () => CreatePush() with { ContentType = "text/plain" }, 415, "unsupported_media_type", null);
        yield return Case("a push without a handle", () => CreatePush() with { Handle = null }, 400, "org_handle_required",
            "Org-Handle header is required.");
        yield return Case(
            "a push to an unknown handle", () => CreatePush() with { Handle = UnknownHandle }, 404, "organization_not_found",
            "Organization not found.");
    }

    [TestCaseSource(nameof(Errors)), TestCaseSource(nameof(RejectedPushes))]
    public async Task Error_has_its_status_code_message_and_headers(Func<ContractRequest> create, int status, string code, string? message)
    {
        var request = create();
        var reply = await Api.SendAsync(request with { Headers = [.. request.Headers, ("X-Request-Id", "contract-tests.1")] });

        Assert.That(reply.Status, Is.EqualTo(status),
            reply.Explain($"The status is {status}: of several errors the first in the documented table."));
        Assert.That(reply.Json.GetProperty("status_code").GetInt32(), Is.EqualTo(status), reply.Explain("status_code is the HTTP status."));
        Assert.That(reply.Json.GetProperty("code").GetString(), Is.EqualTo(code), reply.Explain($"The code for machines is {code}."));
        Assert.That(reply.Json.GetProperty("message").GetString(), message is null ? Is.Not.Empty : Is.EqualTo(message),
            reply.Explain($"The message is fixed: {message}"));
        Assert.That(reply.Json.EnumerateObject().Select(key => key.Name).Take(2), Is.EqualTo(["status_code", "message"]),
            reply.Explain("The first two keys are status_code and message."));
        Assert.That((reply.Json.GetProperty("request_id").GetString(), reply["X-Request-Id"]),
            Is.EqualTo(("contract-tests.1", "contract-tests.1")), reply.Explain("The error repeats the caller's X-Request-Id."));
        Assert.That((reply["Content-Type"], reply["Cache-Control"], reply["ETag"], reply["Content-Encoding"]),
            Is.EqualTo(("application/json; charset=utf-8", "no-store", (string?)null, (string?)null)),
            reply.Explain("An error is JSON, is never stored and has no ETag."));
    }

    [TestCase(null), TestCase("jwt nonsense")]
    public async Task Unauthenticated_response_names_both_schemes(string? authorization)
    {
        var reply = await Api.SendAsync(new ContractRequest { Authorization = authorization });

        Assert.That(reply.Headers.GetValueOrDefault("WWW-Authenticate"), Is.EqualTo(["jwt realm=\"api\"", "Bearer realm=\"api\""]),
            reply.Explain("A 401 names the schemes jwt and Bearer in WWW-Authenticate."));
    }

    [TestCase("POST"), TestCase("PUT"), TestCase("PATCH"), TestCase("DELETE"), TestCase("OPTIONS")]
    public async Task Other_method_names_the_allowed_ones(string method)
    {
        var reply = await Api.SendAsync(new ContractRequest { Method = new HttpMethod(method) });

        Assert.That((reply.Status, reply["Allow"]), Is.EqualTo((405, "GET, HEAD")), reply.Explain("A 405 has the header Allow."));
    }

    [Test]
    public async Task Preflight_from_an_unknown_origin_allows_nothing()
    {
        using var response = await Api.OpenAsync(new ContractRequest
        {
            Method = HttpMethod.Options,
            Authorization = null,
            Handle = null,
            Headers = [("Origin", "https://contract-tests.invalid"), ("Access-Control-Request-Method", "GET")],
        });

        Assert.That(response.Headers.Select(header => header.Key), Has.None.StartsWith("Access-Control-Allow"),
            "Rule: only configured origins may call the API from a browser.");
    }

    [Test]
    public async Task Every_invalid_input_is_named()
    {
        var reply = await Api.SendAsync(new ContractRequest("space_token=a/b&date_range=2d&limit=0") { Headers = [("Product-Id", "a/b")] });

        Assert.That(reply.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name),
            Is.EquivalentTo(["Product-Id", "space_token", "date_range", "limit"]),
            reply.Explain("A 400 names every invalid input at once."));
    }

    [TestCase("date_rang=7d", "date_range"), TestCase("groupby=agent", "group_by"), TestCase("Timezone=UTC", "timezone")]
    public async Task Misspelt_parameter_is_rejected_with_the_right_name(string query, string name)
    {
        var reply = await Api.SendAsync(new ContractRequest(query));

        Assert.That((reply.Status, reply.Status == 400 && reply.Text.Contains(name, StringComparison.Ordinal)), Is.EqualTo((400, true)),
            reply.Explain($"A parameter that looks like a misspelt one is a 400 that suggests {name}."));
    }

    [Test]
    public async Task Unknown_parameter_of_a_report_is_ignored_and_listed()
    {
        var reply = await Api.GetAsync("include=meta&utm_source=a&page=2");

        Assert.That(reply.Data.GetProperty("meta").GetProperty("ignored").EnumerateArray().Select(name => name.GetString()),
            Is.EqualTo(["page", "utm_source"]), reply.Explain("A report lists unknown parameters in meta.ignored, sorted."));
    }

    [TestCase(Routes.Tasks), TestCase(Routes.Spaces), TestCase(Routes.Organisations), TestCase(Routes.Definitions)]
    public async Task Unknown_parameter_of_another_route_is_rejected(string path)
    {
        var reply = await Api.SendAsync(new ContractRequest("utm_source=a", path));

        Assert.That(reply.Status, Is.EqualTo(400), reply.Explain("On all routes but the report's an unknown parameter is a 400."));
    }

    [TestCase("agent=a%00"), TestCase("utm_source=%01"), TestCase("limit=%09")]
    public async Task Control_character_is_rejected(string query)
    {
        var reply = await Api.SendAsync(new ContractRequest(query));

        Assert.That(reply.Status, Is.EqualTo(400), reply.Explain("No parameter may hold a control character."));
    }

    [Test]
    public async Task Url_of_six_kilobytes_is_read_whole()
    {
        var agents = string.Concat(Enumerable.Range(0, 100).Select(number => $"&agent=contract-tests-no-such-agent-{number:D24}-"));
        var reply = await Api.GetAsync($"include=meta{agents}&last=1");

        Assert.That(Counts.AreZero(reply.Data), Is.True, reply.Explain("A long list of unknown agents selects nothing."));
        Assert.That(reply.Data.GetProperty("meta").GetProperty("ignored").EnumerateArray().Select(name => name.GetString()),
            Is.EqualTo(["last"]), reply.Explain("A request line of up to 8 KiB is read to its end."));
    }

    [Test]
    public async Task Url_over_the_limit_is_a_4xx()
    {
        using var response = await Api.OpenAsync(new ContractRequest($"agent={new string('a', 60_000)}"));

        Assert.That((int)response.StatusCode, Is.EqualTo(414).Or.EqualTo(431).Or.EqualTo(400), "Rule: a request line of 60 kB is a 4xx.");
    }

    private static ContractRequest CreatePush() => new("", Routes.Push) { Method = HttpMethod.Post, Body = [] };

    // A function, because cases are listed before the deployment is known.
    private static TestCaseData Case(string name, Func<ContractRequest> create, int status, string code, string? message) =>
        new TestCaseData(create, status, code, message).SetArgDisplayNames(name);

    private static string ReverseSignature()
    {
        var signature = Deployment.Token.LastIndexOf('.') + 1;
        return $"{Deployment.Token[..signature]}{new string([.. Deployment.Token[signature..].Reverse()])}";
    }
}
