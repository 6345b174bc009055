using System.Security.Cryptography;
using System.Text;
using Analytics.FunctionalTests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>An issuer's public key signs no token, and no token can name another source of keys.</summary>
/// <param name="areTokensCached">Whether the service has just accepted a token of the attacker.</param>
[TestFixture(false), TestFixture(true)]
internal sealed class IssuerAttackTests(bool areTokensCached) : AttackFixture
{
    private const string Audience = "analytics";

    private Issuer _issuer = null!;

    [SetUp]
    public async Task CacheTokensAsync()
    {
        if (areTokensCached)
        {
            var request = new AnalyticsRequest { Authorization = CreateAuthorization(PushRequest.EditorUserId) };
            Assert.That((await Service.SendAsync(request)).Status, Is.EqualTo(200));
        }
    }

    [OneTimeTearDown]
    public async Task StopIssuerAsync() => await _issuer.DisposeAsync();

    [Test]
    public async Task Public_key_is_not_accepted_as_HMAC_secret(
        [Values("HS256", "HS384", "HS512")] string algorithm, [Values("rsa", "curve", "")] string kid)
    {
        foreach (var secret in GetPublicKeyEncodings())
        {
            await AssertRejectedByAllRoutesAsync(SignWithSecret($$"""{"alg":"{{algorithm}}","kid":"{{kid}}"}""", secret));
        }
    }

    [TestCase("rsa", SecurityAlgorithms.EcdsaSha256), TestCase("curve", SecurityAlgorithms.RsaSha256),
        TestCase("rsa", SecurityAlgorithms.RsaSha512), TestCase("rsa", SecurityAlgorithms.None)]
    public async Task Key_is_accepted_only_with_its_own_algorithms(string kid, string algorithm)
    {
        var parts = _issuer.Sign(CreateClaims(), SecurityAlgorithms.RsaSha256).Split('.');

        await AssertRejectedByAllRoutesAsync(
            $"{Base64UrlEncoder.Encode($$"""{"alg":"{{algorithm}}","kid":"{{kid}}"}""")}.{parts[1]}.{parts[2]}");
    }

    [TestCase("another-client"), TestCase("Analytics"), TestCase("analytics "), TestCase(""), TestCase(null)]
    public Task Token_for_another_audience_is_rejected(string? audience) =>
        AssertRejectedByAllRoutesAsync(_issuer.Sign(CreateClaims(PushRequest.EditorUserId, audience), SecurityAlgorithms.RsaSha256));

    [Test]
    public Task Audience_list_without_ours_is_rejected() =>
        AssertRejectedByAllRoutesAsync(_issuer.Sign(
            CreateClaims(PushRequest.EditorUserId, new[] { "another-client", "analytics.example", "" }), SecurityAlgorithms.RsaSha256));

    private static IEnumerable<object> NonStringAudiences =>
        [7, true, new Dictionary<string, string>(StringComparer.Ordinal) { [Audience] = Audience }, new object[] { new[] { Audience } },
            new object[] { 7, true }];

    [TestCaseSource(nameof(NonStringAudiences))]
    public Task Non_string_audience_is_rejected(object audience) =>
        AssertRejectedByAllRoutesAsync(_issuer.Sign(CreateClaims(PushRequest.EditorUserId, audience), SecurityAlgorithms.RsaSha256));

    [TestCase("https://elsewhere.example"), TestCase(""), TestCase(7), TestCase(true)]
    public Task Token_of_another_issuer_is_rejected(object issuer) =>
        AssertRejectedByAllRoutesAsync(_issuer.Sign(
            Tokens.CreateClaims(("user_id", PushRequest.EditorUserId), ("iss", issuer), ("aud", Audience)), SecurityAlgorithms.RsaSha256));

    [Test]
    public async Task Key_supplied_in_token_header_is_neither_used_nor_fetched()
    {
        var fetchCount = 0;
        await using var keyServer = await StartKeyServerAsync(() => Interlocked.Increment(ref fetchCount));
        using var attackerKey = RSA.Create(2048);
        var publicKey = attackerKey.ExportParameters(includePrivateParameters: false);
        var jwk = $$"""{"kty":"RSA","kid":"rsa","n":"{{Base64UrlEncoder.Encode(publicKey.Modulus)}}","e":"{{Base64UrlEncoder.Encode(publicKey.Exponent)}}"}""";
        var address = keyServer.Urls.First();

        foreach (var keyHeader in new[] { $"\"jwk\":{jwk}", $"\"jku\":\"{address}/keys\"", $"\"x5u\":\"{address}/keys\"",
            "\"x5c\":[\"AAAA\"]", $"\"kid\":\"{address}/keys\"", "\"kid\":\"../../keys\"" })
        {
            await AssertRejectedByAllRoutesAsync(SignWithKey(attackerKey, $$"""{"alg":"RS256","kid":"rsa",{{keyHeader}}}"""));
        }

        Assert.That(fetchCount, Is.Zero);
    }

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        _issuer = await Issuer.StartAsync();
        return await AddVictimAsync(
            await Acme.StartServiceAsync(("Jwt:Authority", _issuer.Address), ("Jwt:Audience", Audience), ("Jwt:SigningKeys:0", null)));
    }

    protected override string CreateAuthorization(string user) =>
        $"jwt {_issuer.Sign(CreateClaims(user, Audience), SecurityAlgorithms.RsaSha256)}";

    private static async Task<WebApplication> StartKeyServerAsync(Action onRequest)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(_ =>
        {
            onRequest();
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return app;
    }

    private static string SignWithKey(RSA key, string header, string payload) =>
        $"{EncodeSigningInput(header, payload)}.{Base64UrlEncoder.Encode(key.SignData(Encoding.ASCII.GetBytes(EncodeSigningInput(header, payload)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";

    private static string EncodeSigningInput(string header, string payload) =>
        $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(payload)}";

    private IEnumerable<byte[]> GetPublicKeyEncodings()
    {
        var pem = _issuer.PublicKeyPem;
        using var key = RSA.Create();
        key.ImportFromPem(pem);
        var modulus = key.ExportParameters(includePrivateParameters: false).Modulus!;
        string[] texts = [pem, $"{pem}\n", pem.ReplaceLineEndings(""), key.ExportRSAPublicKeyPem(), $"{key.ExportRSAPublicKeyPem()}\n",
            Base64UrlEncoder.Encode(modulus), Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())];
        return [.. texts.Select(Encoding.ASCII.GetBytes), key.ExportSubjectPublicKeyInfo(), key.ExportRSAPublicKey(), modulus];
    }

    private string SignWithSecret(string header, byte[] secret)
    {
        var signingInput = EncodeSigningInput(header, System.Text.Json.JsonSerializer.Serialize(CreateClaims()));
        var bytes = Encoding.ASCII.GetBytes(signingInput);
        var signature = header.Contains("256", StringComparison.Ordinal) ? HMACSHA256.HashData(secret, bytes)
            : header.Contains("384", StringComparison.Ordinal) ? HMACSHA384.HashData(secret, bytes) : HMACSHA512.HashData(secret, bytes);
        return $"{signingInput}.{Base64UrlEncoder.Encode(signature)}";
    }

    private string SignWithKey(RSA key, string header) =>
        SignWithKey(key, header, System.Text.Json.JsonSerializer.Serialize(CreateClaims()));

    private Dictionary<string, object> CreateClaims() => CreateClaims(PushRequest.EditorUserId, Audience);

    private Dictionary<string, object> CreateClaims(string user, object? audience) =>
        Tokens.CreateClaims(
            [("user_id", user), ("iss", _issuer.Address), .. audience is null ? Array.Empty<(string, object)>() : [("aud", audience)]]);

    private async Task AssertRejectedByAllRoutesAsync(string token)
    {
        foreach (var route in Route.All)
        {
            var reply = await Service.SendAsync(route, new AnalyticsRequest { Authorization = $"jwt {token}" });

            Assert.That((reply.Status, reply.Message), Is.EqualTo((401, "Invalid or expired token.")), $"{route}");
        }
    }
}
