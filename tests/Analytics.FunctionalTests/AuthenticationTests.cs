using System.Text;
using Analytics.FunctionalTests.Support;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.FunctionalTests;

/// <summary>Whose requests are answered, with shared keys.</summary>
internal sealed class AuthenticationTests : AcmeFixture
{
    /// <summary>Long enough for HS512; the second of the service's keys.</summary>
    private const string NextKey = "the-next-signing-key-of-the-tests-which-is-at-least-64-bytes-long";

    private const string NotProvided = "Authentication credentials were not provided.";
    private const string Invalid = "Invalid or expired token.";

    private static readonly string LongestUser = new('u', 128);

    [TestCase("jwt {0}"), TestCase("JWT {0}"), TestCase("Jwt {0}"), TestCase("Bearer {0}"), TestCase("bearer {0}"), TestCase("BEARER {0}"), TestCase("jwt   {0}")]
    public async Task TheSchemeWordMayBeInAnyCase(string header) => Assert.That(await AskAsync(header), Is.EqualTo(200));

    [TestCase("{0}"), TestCase("Basic {0}"), TestCase("Token {0}"), TestCase("jwt:{0}"), TestCase("jwtt {0}"), TestCase("\"jwt\" {0}"), TestCase("")]
    public async Task AnotherSchemeIsNone(string header) => Assert.That(await AskAsync(header), Is.EqualTo(NotProvided));

    [TestCase("jwt"), TestCase("jwt "), TestCase("Bearer"), TestCase("jwt jwt {0}"), TestCase("jwt {0},"), TestCase("jwt {0} {0}"), TestCase("jwt \"{0}\"")]
    [TestCase("jwt a"), TestCase("jwt a.b"), TestCase("jwt a.b.c"), TestCase("jwt .."), TestCase("jwt {0}.{0}.{0}.{0}.{0}")]
    public async Task AMalformedTokenIsInvalid(string header) => Assert.That(await AskAsync(header), Is.EqualTo(Invalid));

    [TestCase("jwt {0}", "jwt {0}"), TestCase("jwt {0}", "Basic YTpi"), TestCase("jwt {0}", "")]
    public async Task TheHeaderIsGivenOnlyOnce(string first, string second)
    {
        var reply = await Service.AskAsync(new Question { Authorization = Filled(first), Headers = [("Authorization", Filled(second))] });

        Assert.That((reply.Status, reply.Message), Is.EqualTo((401, Invalid)));
    }

    [TestCase(Tokens.Key, 200), TestCase(NextKey, 200), TestCase("a-key-that-the-service-does-not-know-of", 401)]
    public async Task AnyOfTheKeysIsTrusted(string key, int status) =>
        Assert.That((await Service.AskAsync(new Question { Authorization = $"jwt {Tokens.For(Acme.Member, key)}" })).Status, Is.EqualTo(status));

    [TestCase(SecurityAlgorithms.HmacSha256, 200), TestCase(SecurityAlgorithms.HmacSha384, Invalid), TestCase(SecurityAlgorithms.HmacSha512, Invalid)]
    public async Task OnlyHs256IsTrusted(string algorithm, object outcome) =>
        Assert.That(await AskAsync(Tokens.Sign(Tokens.Claims(("user_id", Acme.Member)), NextKey, algorithm), "jwt"), Is.EqualTo(outcome));

    [TestCase(-15, 200), TestCase(-45, Invalid), TestCase(-3600, Invalid)]
    public async Task ATokenExpiresWith30SecondsOfSkew(int seconds, object outcome) =>
        Assert.That(await AskWithAsync(("user_id", Acme.Member), ("exp", Tokens.In(TimeSpan.FromSeconds(seconds)))), Is.EqualTo(outcome));

    [TestCase(15, 200), TestCase(45, Invalid), TestCase(3000, Invalid)]
    public async Task ATokenIsNotYetValidBeforeItsTime(int seconds, object outcome) =>
        Assert.That(await AskWithAsync(("user_id", Acme.Member), ("nbf", Tokens.In(TimeSpan.FromSeconds(seconds)))), Is.EqualTo(outcome));

    [TestCase("""{"user_id":"7"}"""), TestCase("""{"user_id":"7","exp":null}"""), TestCase("""{"user_id":"7","exp":"soon"}"""), TestCase("""{"user_id":"7","exp":0}""")]
    [TestCase("""{"user_id":"7","exp":-1}"""), TestCase("""{"user_id":"7","exp":{}}""")]
    public async Task ATokenWithoutAGoodExpiryIsInvalid(string payload) => Assert.That(await AskAsync(Tokens.Sign(payload), "jwt"), Is.EqualTo(Invalid));

    [TestCase("""7"""), TestCase("\"7\"")]
    public async Task ANumberAndItsTextAreOneUser(string user) => Assert.That(await AskWithUserAsync(user), Is.EqualTo(200));

    [TestCase("true"), TestCase("false"), TestCase("null"), TestCase("7.0"), TestCase("7.5"), TestCase("7e0"), TestCase("{}"), TestCase("""{"id":7}"""), TestCase("[]"), TestCase("[7]"), TestCase("\"\"")]
    [TestCase("\"\\ud800\""), TestCase("\"7\\udc00\"")]
    public async Task AUserIdOfAnotherTypeIsInvalid(string user) => Assert.That(await AskWithUserAsync(user), Is.EqualTo(Invalid));

    [TestCase(128, 404), TestCase(129, 401)]
    public async Task AUserIdHasAtMost128Characters(int length, int status) =>
        Assert.That((await Service.AskAsync(new Question { Authorization = Tokens.Jwt(new string('u', length)), Handle = "nobody.example" })).Status, Is.EqualTo(status));

    [Test]
    public async Task TheLongestUserIdIsAMember() =>
        Assert.That((await Service.AskAsync(new Question { Authorization = Tokens.Jwt(LongestUser) })).Status, Is.EqualTo(200));

    [TestCase("9223372036854775807"), TestCase("9223372036854775808"), TestCase("-7")]
    public async Task AnyIntegerIsAUser(string user) => Assert.That(await AskWithUserAsync(user), Is.EqualTo("Organization not found."));

    [TestCase("\"7\"", 200), TestCase("7", 200), TestCase("\"\"", Invalid), TestCase("null", Invalid), TestCase("[\"7\"]", Invalid)]
    public async Task SubIsTheUserWhereUserIdIsAbsent(string sub, object outcome) =>
        Assert.That(await AskAsync(Tokens.Sign($$"""{"sub":{{sub}},"exp":{{Tokens.In(TimeSpan.FromHours(1))}}}"""), "jwt"), Is.EqualTo(outcome));

    [Test]
    public async Task UserIdIsTheUserWhereBothAreThere() =>
        Assert.That(await AskWithAsync(("user_id", "8"), ("sub", Acme.Member)), Is.EqualTo("Organization not found."));

    [TestCase("caller"), TestCase("Caller"), TestCase("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier")]
    public async Task NoOtherClaimNamesTheUser(string claim) =>
        Assert.That(await AskWithAsync(("user_id", "8"), (claim, Acme.Member)), Is.EqualTo("Organization not found."));

    [Test]
    public async Task ASignedPayloadThatIsNotOneDocumentIsInvalid() =>
        Assert.That(await AskAsync(Tokens.Sign($$"""{"user_id":"{{Acme.Member}}","exp":{{Tokens.In(TimeSpan.FromHours(1))}}} x"""), "jwt"), Is.EqualTo(Invalid));

    [Test]
    public async Task ATokenWithoutAUserIsInvalid() => Assert.That(await AskWithAsync(("name", Acme.Member)), Is.EqualTo(Invalid));

    [Test]
    public async Task IssuerAndAudienceAreNotCheckedUnlessSet() =>
        Assert.That(await AskWithAsync(("user_id", Acme.Member), ("iss", "https://anyone.example"), ("aud", "anything")), Is.EqualTo(200));

    [TestCase("Jwt:Issuer", "iss"), TestCase("Jwt:Audience", "aud")]
    public async Task IssuerAndAudienceAreCheckedWhenSet(string setting, string claim)
    {
        await using var service = await Acme.StartAsync((setting, "analytics"));

        var given = await AskWithAsync(service, ("user_id", Acme.Member), (claim, "analytics"));
        var other = await AskWithAsync(service, ("user_id", Acme.Member), (claim, "Analytics"));
        var none = await AskWithAsync(service, ("user_id", Acme.Member));

        Assert.That((given, other, none), Is.EqualTo(((object)200, (object)Invalid, (object)Invalid)));
    }

    [Test]
    public async Task AKeyMayBeWrittenInBase64()
    {
        await using var service = await Acme.StartAsync(("Jwt:SigningKeys:0", $"base64:{Convert.ToBase64String(Encoding.UTF8.GetBytes(NextKey))}"));

        var reply = await service.AskAsync(new Question { Authorization = $"jwt {Tokens.For(Acme.Member, NextKey)}" });

        Assert.That(reply.Status, Is.EqualTo(200));
    }

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        var service = await Acme.StartAsync(("Jwt:SigningKeys:1", NextKey));
        await service.HasMemberAsync(Acme.Id, LongestUser);
        return service;
    }

    /// <summary>200, or the error's message.</summary>
    private static async Task<object> AskAsync(AnalyticsService service, string authorization)
    {
        var reply = await service.AskAsync(new Question { Authorization = authorization });
        return reply.Status == 200 ? reply.Status : reply.Message;
    }

    private Task<object> AskAsync(string authorization) => AskAsync(Service, Filled(authorization));

    private Task<object> AskAsync(string token, string scheme) => AskAsync(Service, $"{scheme} {token}");

    /// <summary>Asks with a <c>user_id</c> that is written as JSON, beside a good <c>sub</c>.</summary>
    private Task<object> AskWithUserAsync(string json) =>
        AskAsync(Tokens.Sign($$"""{"user_id":{{json}},"sub":"{{Acme.Member}}","exp":{{Tokens.In(TimeSpan.FromHours(1))}}}"""), "jwt");

    private Task<object> AskWithAsync(params IEnumerable<(string Name, object Value)> claims) => AskWithAsync(Service, claims);

    private static Task<object> AskWithAsync(AnalyticsService service, params IEnumerable<(string Name, object Value)> claims) =>
        AskAsync(service, $"jwt {Tokens.Sign(Tokens.Claims(claims))}");

    private static string Filled(string header) => header.Replace("{0}", Tokens.For(Acme.Member), StringComparison.Ordinal);
}
