using Analytics.FunctionalTests.Support;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.FunctionalTests;

/// <summary>Whose requests are answered, with an OpenID Connect issuer.</summary>
internal sealed class IssuerTests : AcmeFixture
{
    private const string Audience = "analytics";

    private Issuer _issuer = null!;

    [OneTimeTearDown]
    public async Task StopIssuerAsync() => await _issuer.DisposeAsync();

    [TestCase(SecurityAlgorithms.RsaSha256, 200), TestCase(SecurityAlgorithms.RsaSsaPssSha256, 200), TestCase(SecurityAlgorithms.EcdsaSha256, 200)]
    [TestCase(SecurityAlgorithms.RsaSha512, 401)]
    public async Task TheIssuersTokensAreTrusted(string algorithm, int status) => Assert.That(await AskAsync(_issuer.Sign(Claims(), algorithm)), Is.EqualTo(status));

    [TestCase("aud", "another"), TestCase("aud", ""), TestCase("iss", "https://another.example"), TestCase("iss", "")]
    public async Task AnotherAudienceOrIssuerIsInvalid(string claim, string value) =>
        Assert.That(await AskAsync(_issuer.Sign(Claims((claim, value)), SecurityAlgorithms.RsaSha256)), Is.EqualTo(401));

    [Test]
    public async Task AnotherIssuersKeysAreNotTrusted()
    {
        await using var other = await Issuer.StartAsync();

        Assert.That(await AskAsync(other.Sign(Claims(), SecurityAlgorithms.RsaSha256)), Is.EqualTo(401));
    }

    [Test]
    public async Task ASharedKeyIsNotTrusted() => Assert.That(await AskAsync(Tokens.Sign(Claims())), Is.EqualTo(401));

    [Test]
    public async Task AnIssuerThatIsAwayIsNoFaultOfTheToken()
    {
        var away = await Issuer.StartAsync();
        var address = away.Address;
        await away.DisposeAsync();
        await using var service = await Acme.StartServiceAsync(
            ("Jwt:SigningKeys:0", null), ("Jwt:Authority", address), ("Jwt:Audience", Audience), ("RateLimit:Enabled", "true"), ("RateLimit:AnonymousRequestsPerMinute", "1"));
        await service.SendAsync(new AnalyticsRequest { Authorization = null });

        // Not too many of its address either.
        var reply = await service.SendAsync(new AnalyticsRequest { Authorization = $"Bearer {_issuer.Sign(Claims(), SecurityAlgorithms.RsaSha256)}" });
        var none = await service.SendAsync(new AnalyticsRequest { Authorization = null });

        Assert.That((reply.Status, reply.Message, reply["Retry-After"]), Is.EqualTo((503, "Service temporarily unavailable.", "1")));
        Assert.That(none.Status, Is.EqualTo(401));
    }

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        _issuer = await Issuer.StartAsync();
        return await Acme.StartServiceAsync(("Jwt:SigningKeys:0", null), ("Jwt:Authority", _issuer.Address), ("Jwt:Audience", Audience));
    }

    private async Task<int> AskAsync(string token) => (await Service.SendAsync(new AnalyticsRequest { Authorization = $"Bearer {token}" })).Status;

    private Dictionary<string, object> Claims(params IEnumerable<(string Name, object Value)> claims) =>
        Tokens.CreateClaims([.. claims, ("user_id", Acme.MemberUserId), ("iss", _issuer.Address), ("aud", Audience)]);
}
