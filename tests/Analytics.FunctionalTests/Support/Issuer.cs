using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.FunctionalTests.Support;

/// <summary>An OpenID Connect issuer on a loopback port, with an RSA key and an elliptic curve key.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly WebApplication _app;

    private Issuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Address, jwks_uri = $"{Address}/keys" }));
        _app.MapGet("/keys", () => Results.Json(new { keys = new[] { CreatePublicRsaJwk(), CreatePublicEcJwk() } }));
    }

    public string Address => _app.Urls.First();

    // The public part of the RSA key.
    public string PublicKeyPem => _rsa.ExportSubjectPublicKeyInfoPem();

    public static async Task<Issuer> StartAsync()
    {
        var issuer = new Issuer();
        await issuer._app.StartAsync();
        return issuer;
    }

    // A token signed with the issuer's key for an algorithm.
    public string Sign(IReadOnlyDictionary<string, object> claims, string algorithm) => Tokens.Sign(claims, algorithm switch
    {
        SecurityAlgorithms.EcdsaSha256 => new SigningCredentials(new ECDsaSecurityKey(_ecdsa) { KeyId = "curve" }, algorithm),
        _ => new SigningCredentials(new RsaSecurityKey(_rsa) { KeyId = "rsa" }, algorithm),
    });

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
        _ecdsa.Dispose();
    }

    private object CreatePublicRsaJwk()
    {
        var key = _rsa.ExportParameters(includePrivateParameters: false);
        return new { kty = "RSA", kid = "rsa", n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) };
    }

    private object CreatePublicEcJwk()
    {
        var key = _ecdsa.ExportParameters(includePrivateParameters: false);
        return new { kty = "EC", kid = "curve", crv = "P-256", x = Base64UrlEncoder.Encode(key.Q.X), y = Base64UrlEncoder.Encode(key.Q.Y) };
    }
}
