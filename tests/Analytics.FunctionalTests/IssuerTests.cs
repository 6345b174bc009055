using Analytics.FunctionalTests.Support;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.FunctionalTests;

/// <summary>Authentication with an OpenID Connect issuer.</summary>
internal sealed class IssuerTests : AcmeFixture
{
    private const string Audience = "analytics";

    private Issuer _issuer = null!;

    [OneTimeTearDown]
    public async Task StopIssuerAsync() => await _issuer.DisposeAsync();

    [TestCase(SecurityAlgorithms.RsaSha256, 200), TestCase(SecurityAlgorithms.RsaSsaPssSha256, 200),
        TestCase(SecurityAlgorithms.EcdsaSha256, 200)]
    [TestCase(SecurityAlgorithms.RsaSha512, 401)]
    public async Task Issuer_signed_token_is_accepted_only_with_a_supported_algorithm(string algorithm, int status) =>
        Assert.That(await GetStatusAsync(_issuer.Sign(CreateClaims(), algorithm)), Is.EqualTo(status));

    [TestCase("aud", "another"), TestCase("aud", ""), TestCase("iss", "https://another.example"), TestCase("iss", "")]
    public async Task Wrong_audience_or_issuer_returns_401(string claim, string value) =>
        Assert.That(await GetStatusAsync(_issuer.Sign(CreateClaims((claim, value)), SecurityAlgorithms.RsaSha256)), Is.EqualTo(401));

    [Test]
    public async Task Token_signed_by_another_issuer_returns_401()
    {
        await using var other = await Issuer.StartAsync();

        Assert.That(await GetStatusAsync(other.Sign(CreateClaims(), SecurityAlgorithms.RsaSha256)), Is.EqualTo(401));
    }

    [Test]
    public async Task Token_signed_with_a_shared_key_returns_401() =>
        Assert.That(await GetStatusAsync(Tokens.Sign(CreateClaims())), Is.EqualTo(401));

    [Test]
    public async Task Unreachable_issuer_returns_503_without_rate_limiting_the_address()
    {
        var stoppedIssuer = await Issuer.StartAsync();
        var address = stoppedIssuer.Address;
        await stoppedIssuer.DisposeAsync();
        await using var service = await Acme.StartServiceAsync(
            ("Jwt:SigningKeys:0", null), ("Jwt:Authority", address), ("Jwt:Audience", Audience), ("RateLimit:Enabled", "true"),
            ("RateLimit:AnonymousRequestsPerMinute", "1"), ("Logging:LogLevel:Default", "None"));
        await service.SendAsync(new AnalyticsRequest { Authorization = null });

        var reply = await service.SendAsync(
            new AnalyticsRequest { Authorization = $"Bearer {_issuer.Sign(CreateClaims(), SecurityAlgorithms.RsaSha256)}" });
        var anonymousReply = await service.SendAsync(new AnalyticsRequest { Authorization = null });

        Assert.That((reply.Status, reply.Message, reply["Retry-After"]), Is.EqualTo((503, "Service temporarily unavailable.", "1")));
        Assert.That(anonymousReply.Status, Is.EqualTo(429));
    }

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        _issuer = await Issuer.StartAsync();
        return await Acme.StartServiceAsync(("Jwt:SigningKeys:0", null), ("Jwt:Authority", _issuer.Address), ("Jwt:Audience", Audience));
    }

    private async Task<int> GetStatusAsync(string token) =>
        (await Service.SendAsync(new AnalyticsRequest { Authorization = $"Bearer {token}" })).Status;

    private Dictionary<string, object> CreateClaims(params IEnumerable<(string Name, object Value)> claims) =>
        Tokens.CreateClaims([.. claims, ("user_id", Acme.MemberUserId), ("iss", _issuer.Address), ("aud", Audience)]);
}
