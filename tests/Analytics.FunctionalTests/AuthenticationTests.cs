using System.Text;
using Analytics.FunctionalTests.Support;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.FunctionalTests;

/// <summary>Authentication with shared keys.</summary>
internal sealed class AuthenticationTests : AcmeFixture
{
    // Long enough for HS512; the second of the service's keys.
    private const string NextKey = "the-next-signing-key-of-the-tests-which-is-at-least-64-bytes-long";

    private const string CredentialsNotProvided = "Authentication credentials were not provided.";
    private const string InvalidToken = "Invalid or expired token.";

    private static readonly string MaxLengthUser = new('u', 128);

    [TestCase("jwt {0}"), TestCase("JWT {0}"), TestCase("Jwt {0}"), TestCase("Bearer {0}"), TestCase("bearer {0}"), TestCase("BEARER {0}"),
        TestCase("jwt   {0}")]
    public async Task Scheme_is_case_insensitive(string header) => Assert.That(await SendAsync(header), Is.EqualTo(200));

    [TestCase("{0}"), TestCase("Basic {0}"), TestCase("Token {0}"), TestCase("jwt:{0}"), TestCase("jwtt {0}"), TestCase("\"jwt\" {0}"),
        TestCase("")]
    public async Task Unsupported_scheme_returns_credentials_not_provided(string header) =>
        Assert.That(await SendAsync(header), Is.EqualTo(CredentialsNotProvided));

    [TestCase("jwt"), TestCase("jwt "), TestCase("Bearer"), TestCase("jwt jwt {0}"), TestCase("jwt {0},"), TestCase("jwt {0} {0}"),
        TestCase("jwt \"{0}\"")]
    [TestCase("jwt a"), TestCase("jwt a.b"), TestCase("jwt a.b.c"), TestCase("jwt .."), TestCase("jwt {0}.{0}.{0}.{0}.{0}")]
    public async Task Malformed_token_is_invalid(string header) => Assert.That(await SendAsync(header), Is.EqualTo(InvalidToken));

    [TestCase("jwt {0}", "jwt {0}"), TestCase("jwt {0}", "Basic YTpi"), TestCase("jwt {0}", "")]
    public async Task Duplicate_authorization_header_returns_401(string first, string second)
    {
        var reply = await Service.SendAsync(
            new AnalyticsRequest { Authorization = InsertToken(first), Headers = [("Authorization", InsertToken(second))] });

        Assert.That((reply.Status, reply.Message), Is.EqualTo((401, InvalidToken)));
    }

    [TestCase(Tokens.SigningKey, 200), TestCase(NextKey, 200), TestCase("a-key-that-the-service-does-not-know-of", 401)]
    public async Task Token_signed_by_any_configured_key_is_accepted(string key, int status) =>
        Assert.That((await Service.SendAsync(
            new AnalyticsRequest { Authorization = $"jwt {Tokens.Create(Acme.MemberUserId, key)}" })).Status, Is.EqualTo(status));

    [TestCase(SecurityAlgorithms.HmacSha256, 200), TestCase(SecurityAlgorithms.HmacSha384, InvalidToken),
        TestCase(SecurityAlgorithms.HmacSha512, InvalidToken)]
    public async Task Only_HS256_is_accepted(string algorithm, object outcome) =>
        Assert.That(await SendAsync(Tokens.Sign(Tokens.CreateClaims(("user_id", Acme.MemberUserId)), NextKey, algorithm), "jwt"),
            Is.EqualTo(outcome));

    [TestCase(-15, 200), TestCase(-45, InvalidToken), TestCase(-3600, InvalidToken)]
    public async Task Token_expires_with_30_seconds_of_clock_skew(int seconds, object outcome) =>
        Assert.That(await SendWithClaimsAsync(
            ("user_id", Acme.MemberUserId), ("exp", Tokens.GetUnixTimeFromNow(TimeSpan.FromSeconds(seconds)))), Is.EqualTo(outcome));

    [TestCase(15, 200), TestCase(45, InvalidToken), TestCase(3000, InvalidToken)]
    public async Task Token_is_invalid_before_nbf_with_30_seconds_of_clock_skew(int seconds, object outcome) =>
        Assert.That(await SendWithClaimsAsync(
            ("user_id", Acme.MemberUserId), ("nbf", Tokens.GetUnixTimeFromNow(TimeSpan.FromSeconds(seconds)))), Is.EqualTo(outcome));

    [TestCase("""{"user_id":"7"}"""), TestCase("""{"user_id":"7","exp":null}"""), TestCase("""{"user_id":"7","exp":"soon"}"""),
        TestCase("""{"user_id":"7","exp":0}""")]
    [TestCase("""{"user_id":"7","exp":-1}"""), TestCase("""{"user_id":"7","exp":{}}""")]
    public async Task Token_without_valid_expiry_is_invalid(string payload) =>
        Assert.That(await SendAsync(Tokens.Sign(payload), "jwt"), Is.EqualTo(InvalidToken));

    [TestCase("253402300799", 200), TestCase("253402300800", InvalidToken), TestCase("1764340000000", InvalidToken)]
    public async Task Token_expires_by_the_year_9999(string expiry, object outcome) =>
        Assert.That(await SendAsync(Tokens.Sign($$"""{"user_id":"7","exp":{{expiry}}}"""), "jwt"), Is.EqualTo(outcome));

    [TestCase("""7"""), TestCase("\"7\"")]
    public async Task Numeric_and_string_user_ids_are_the_same_user(string user) =>
        Assert.That(await SendWithUserIdAsync(user), Is.EqualTo(200));

    [TestCase("true"), TestCase("false"), TestCase("null"), TestCase("7.0"), TestCase("7.5"), TestCase("7e0"), TestCase("{}"),
        TestCase("""{"id":7}"""), TestCase("[]"), TestCase("[7]"), TestCase("\"\"")]
    [TestCase("\"\\ud800\""), TestCase("\"7\\udc00\"")]
    public async Task User_id_that_is_no_integer_or_valid_string_is_invalid(string user) =>
        Assert.That(await SendWithUserIdAsync(user), Is.EqualTo(InvalidToken));

    [TestCase(128, 404), TestCase(129, 401)]
    public async Task User_id_is_limited_to_128_characters(int length, int status) =>
        Assert.That((await Service.SendAsync(new AnalyticsRequest {
            Authorization = Tokens.CreateAuthorization(new string('u', length)), Handle = "nobody.example" })).Status, Is.EqualTo(status));

    [Test]
    public async Task User_id_of_maximum_length_can_be_a_member() =>
        Assert.That((await Service.SendAsync(new AnalyticsRequest { Authorization = Tokens.CreateAuthorization(MaxLengthUser) })).Status,
            Is.EqualTo(200));

    [TestCase("9223372036854775807"), TestCase("9223372036854775808"), TestCase("-7")]
    public async Task Any_integer_is_a_valid_user_id(string user) =>
        Assert.That(await SendWithUserIdAsync(user), Is.EqualTo("Organization not found."));

    [TestCase("\"7\"", 200), TestCase("7", 200), TestCase("\"\"", InvalidToken), TestCase("null", InvalidToken),
        TestCase("[\"7\"]", InvalidToken)]
    public async Task Sub_claim_is_the_user_if_user_id_is_absent(string sub, object outcome) =>
        Assert.That(await SendAsync(Tokens.Sign($$"""{"sub":{{sub}},"exp":{{Tokens.GetUnixTimeFromNow(TimeSpan.FromHours(1))}}}"""), "jwt"),
            Is.EqualTo(outcome));

    [Test]
    public async Task User_id_claim_takes_precedence_over_sub() =>
        Assert.That(await SendWithClaimsAsync(("user_id", "8"), ("sub", Acme.MemberUserId)), Is.EqualTo("Organization not found."));

    [TestCase("caller"), TestCase("Caller"), TestCase("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier")]
    public async Task Other_claims_do_not_identify_the_user(string claim) =>
        Assert.That(await SendWithClaimsAsync(("user_id", "8"), (claim, Acme.MemberUserId)), Is.EqualTo("Organization not found."));

    [Test]
    public async Task Payload_with_trailing_content_is_invalid() =>
        Assert.That(await SendAsync(
            Tokens.Sign($$"""{"user_id":"{{Acme.MemberUserId}}","exp":{{Tokens.GetUnixTimeFromNow(TimeSpan.FromHours(1))}}} x"""), "jwt"),
            Is.EqualTo(InvalidToken));

    [Test]
    public async Task Token_without_user_claim_is_invalid() =>
        Assert.That(await SendWithClaimsAsync(("name", Acme.MemberUserId)), Is.EqualTo(InvalidToken));

    [Test]
    public async Task Issuer_and_audience_are_not_checked_by_default() =>
        Assert.That(await SendWithClaimsAsync(("user_id", Acme.MemberUserId), ("iss", "https://anyone.example"), ("aud", "anything")),
            Is.EqualTo(200));

    [TestCase("Jwt:Issuer", "iss"), TestCase("Jwt:Audience", "aud")]
    public async Task Configured_issuer_and_audience_are_checked(string setting, string claim)
    {
        await using var service = await Acme.StartServiceAsync((setting, "analytics"));

        var matching = await SendWithClaimsAsync(service, ("user_id", Acme.MemberUserId), (claim, "analytics"));
        var other = await SendWithClaimsAsync(service, ("user_id", Acme.MemberUserId), (claim, "Analytics"));
        var none = await SendWithClaimsAsync(service, ("user_id", Acme.MemberUserId));

        Assert.That((matching, other, none), Is.EqualTo(((object)200, (object)InvalidToken, (object)InvalidToken)));
    }

    [Test]
    public async Task Signing_key_can_be_base64_encoded()
    {
        await using var service =
            await Acme.StartServiceAsync(("Jwt:SigningKeys:0", $"base64:{Convert.ToBase64String(Encoding.UTF8.GetBytes(NextKey))}"));

        var reply = await service.SendAsync(new AnalyticsRequest { Authorization = $"jwt {Tokens.Create(Acme.MemberUserId, NextKey)}" });

        Assert.That(reply.Status, Is.EqualTo(200));
    }

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        var service = await Acme.StartServiceAsync(("Jwt:SigningKeys:1", NextKey));
        await service.AddMemberAsync(Acme.Id, MaxLengthUser);
        return service;
    }

    // 200, or the error's message.
    private static async Task<object> SendAsync(AnalyticsService service, string authorization)
    {
        var reply = await service.SendAsync(new AnalyticsRequest { Authorization = authorization });
        return reply.Status == 200 ? reply.Status : reply.Message;
    }

    private Task<object> SendAsync(string authorization) => SendAsync(Service, InsertToken(authorization));

    private Task<object> SendAsync(string token, string scheme) => SendAsync(Service, $"{scheme} {token}");

    // Sends a user_id given as JSON, beside a valid sub.
    private Task<object> SendWithUserIdAsync(string json) =>
        SendAsync(Tokens.Sign(
            $$"""{"user_id":{{json}},"sub":"{{Acme.MemberUserId}}","exp":{{Tokens.GetUnixTimeFromNow(TimeSpan.FromHours(1))}}}"""), "jwt");

    private Task<object> SendWithClaimsAsync(params IEnumerable<(string Name, object Value)> claims) =>
        SendWithClaimsAsync(Service, claims);

    private static Task<object> SendWithClaimsAsync(AnalyticsService service, params IEnumerable<(string Name, object Value)> claims) =>
        SendAsync(service, $"jwt {Tokens.Sign(Tokens.CreateClaims(claims))}");

    private static string InsertToken(string header) => header.Replace("{0}", Tokens.Create(Acme.MemberUserId), StringComparison.Ordinal);
}
