using System.Security.Cryptography;
using System.Text;
using Analytics.FunctionalTests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>What anyone can read of an issuer's key signs nothing, and no token says where else to look for keys.</summary>
internal sealed class IssuerAttacks : AttackedFixture
{
    private const string Audience = "analytics";

    private Issuer _issuer = null!;

    [OneTimeTearDown]
    public async Task StopIssuerAsync() => await _issuer.DisposeAsync();

    [Test]
    public async Task APublicKeyIsNoSharedSecretInAnySpelling([Values("HS256", "HS384", "HS512")] string algorithm, [Values("rsa", "curve", "")] string kid)
    {
        foreach (var secret in PublicSpellings())
        {
            await AssertOpensNothingAsync(Signed($$"""{"alg":"{{algorithm}}","kid":"{{kid}}"}""", secret));
        }
    }

    [TestCase("rsa", SecurityAlgorithms.EcdsaSha256), TestCase("curve", SecurityAlgorithms.RsaSha256), TestCase("rsa", SecurityAlgorithms.RsaSha512), TestCase("rsa", SecurityAlgorithms.None)]
    public async Task AKeyServesOnlyItsOwnAlgorithms(string kid, string algorithm)
    {
        var parts = _issuer.Sign(Claims(), SecurityAlgorithms.RsaSha256).Split('.');

        await AssertOpensNothingAsync($"{Base64UrlEncoder.Encode($$"""{"alg":"{{algorithm}}","kid":"{{kid}}"}""")}.{parts[1]}.{parts[2]}");
    }

    [TestCase("another-client"), TestCase("Analytics"), TestCase("analytics "), TestCase(""), TestCase(null)]
    public Task ATokenForAnotherClientOfTheIssuerOpensNoRoute(string? audience) =>
        AssertOpensNothingAsync(_issuer.Sign(Claims(Push.Editor, audience), SecurityAlgorithms.RsaSha256));

    [Test]
    public Task AListOfAudiencesWithoutOursOpensNoRoute() =>
        AssertOpensNothingAsync(_issuer.Sign(Claims(Push.Editor, new[] { "another-client", "analytics.example", "" }), SecurityAlgorithms.RsaSha256));

    private static IEnumerable<object> AudiencesOfOtherTypes => [7, true, new Dictionary<string, string>(StringComparer.Ordinal) { [Audience] = Audience }, new object[] { new[] { Audience } }, new object[] { 7, true }];

    [TestCaseSource(nameof(AudiencesOfOtherTypes))]
    public Task AnAudienceIsText(object audience) => AssertOpensNothingAsync(_issuer.Sign(Claims(Push.Editor, audience), SecurityAlgorithms.RsaSha256));

    [TestCase("https://elsewhere.example"), TestCase(""), TestCase(7), TestCase(true)]
    public Task ATokenOfAnotherIssuerOpensNoRoute(object issuer) =>
        AssertOpensNothingAsync(_issuer.Sign(Tokens.Claims(("user_id", Push.Editor), ("iss", issuer), ("aud", Audience)), SecurityAlgorithms.RsaSha256));

    [Test]
    public async Task ATokenThatBringsItsOwnKeyOpensNoRouteAndIsNotFollowed()
    {
        var visits = 0;
        await using var elsewhere = await StartElsewhereAsync(() => Interlocked.Increment(ref visits));
        using var own = RSA.Create(2048);
        var key = own.ExportParameters(includePrivateParameters: false);
        var jwk = $$"""{"kty":"RSA","kid":"rsa","n":"{{Base64UrlEncoder.Encode(key.Modulus)}}","e":"{{Base64UrlEncoder.Encode(key.Exponent)}}"}""";
        var address = elsewhere.Urls.First();

        foreach (var brought in new[] { $"\"jwk\":{jwk}", $"\"jku\":\"{address}/keys\"", $"\"x5u\":\"{address}/keys\"", "\"x5c\":[\"AAAA\"]", $"\"kid\":\"{address}/keys\"", "\"kid\":\"../../keys\"" })
        {
            await AssertOpensNothingAsync(SignedBy(own, $$"""{"alg":"RS256","kid":"rsa",{{brought}}}"""));
        }

        Assert.That(visits, Is.Zero);
    }

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        _issuer = await Issuer.StartAsync();
        return await WithVictimAsync(await Acme.StartAsync(("Jwt:Authority", _issuer.Address), ("Jwt:Audience", Audience), ("Jwt:SigningKeys:0", null)));
    }

    protected override string AuthorizationOf(string user) => $"jwt {_issuer.Sign(Claims(user, Audience), SecurityAlgorithms.RsaSha256)}";

    private static async Task<WebApplication> StartElsewhereAsync(Action visit)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(_ =>
        {
            visit();
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return app;
    }

    private static string SignedBy(RSA key, string header, string payload) =>
        $"{Body(header, payload)}.{Base64UrlEncoder.Encode(key.SignData(Encoding.ASCII.GetBytes(Body(header, payload)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";

    private static string Body(string header, string payload) => $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(payload)}";

    private IEnumerable<byte[]> PublicSpellings()
    {
        var pem = _issuer.PublicKeyText;
        using var key = RSA.Create();
        key.ImportFromPem(pem);
        var modulus = key.ExportParameters(includePrivateParameters: false).Modulus!;
        string[] texts = [pem, $"{pem}\n", pem.ReplaceLineEndings(""), key.ExportRSAPublicKeyPem(), $"{key.ExportRSAPublicKeyPem()}\n", Base64UrlEncoder.Encode(modulus), Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())];
        return [.. texts.Select(Encoding.ASCII.GetBytes), key.ExportSubjectPublicKeyInfo(), key.ExportRSAPublicKey(), modulus];
    }

    private string Signed(string header, byte[] secret)
    {
        var signed = Body(header, System.Text.Json.JsonSerializer.Serialize(Claims()));
        var bytes = Encoding.ASCII.GetBytes(signed);
        var signature = header.Contains("256", StringComparison.Ordinal) ? HMACSHA256.HashData(secret, bytes) : header.Contains("384", StringComparison.Ordinal) ? HMACSHA384.HashData(secret, bytes) : HMACSHA512.HashData(secret, bytes);
        return $"{signed}.{Base64UrlEncoder.Encode(signature)}";
    }

    private string SignedBy(RSA key, string header) => SignedBy(key, header, System.Text.Json.JsonSerializer.Serialize(Claims()));

    private Dictionary<string, object> Claims() => Claims(Push.Editor, Audience);

    private Dictionary<string, object> Claims(string user, object? audience) =>
        Tokens.Claims([("user_id", user), ("iss", _issuer.Address), .. audience is null ? Array.Empty<(string, object)>() : [("aud", audience)]]);

    private async Task AssertOpensNothingAsync(string token)
    {
        foreach (var route in Route.All)
        {
            var reply = await Service.AskAsync(route, new Question { Authorization = $"jwt {token}" });

            Assert.That((reply.Status, reply.Message), Is.EqualTo((401, "Invalid or expired token.")), $"{route}");
        }
    }
}
