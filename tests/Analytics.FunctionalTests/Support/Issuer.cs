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
    private readonly ECDsa _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly WebApplication _app;
    private RSA _rsa = RSA.Create(2048);
    private string? _rsaId = "rsa";
    private int _downloads;

    private Issuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", async () =>
        {
            Interlocked.Increment(ref _downloads);
            await BeforeResponse;
            return IsFailing ? Results.StatusCode(500) : Results.Json(new { issuer = Address, jwks_uri = $"{Address}/keys" });
        });
        _app.MapGet("/keys", () => Results.Json(new { keys = HasNoKeys ? [] : new[] { CreatePublicRsaJwk(), CreatePublicEcJwk() } }));
    }

    public string Address => _app.Urls.First();

    // How often the keys were downloaded, or could not be.
    public int Downloads => Volatile.Read(ref _downloads);

    public bool IsFailing { get; set; }

    public bool HasNoKeys { get; set; }

    // What each download waits for.
    public Task BeforeResponse { get; set; } = Task.CompletedTask;

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
        _ => new SigningCredentials(new RsaSecurityKey(_rsa) { KeyId = _rsaId }, algorithm),
    });

    // Replaces the RSA key by a new one with another id, which may be absent.
    public void Rotate(string? id)
    {
        _rsa.Dispose();
        (_rsa, _rsaId) = (RSA.Create(2048), id);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
        _ecdsa.Dispose();
    }

    private object CreatePublicRsaJwk()
    {
        var key = _rsa.ExportParameters(includePrivateParameters: false);
        return new { kty = "RSA", kid = _rsaId, n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) };
    }

    private object CreatePublicEcJwk()
    {
        var key = _ecdsa.ExportParameters(includePrivateParameters: false);
        return new { kty = "EC", kid = "curve", crv = "P-256", x = Base64UrlEncoder.Encode(key.Q.X), y = Base64UrlEncoder.Encode(key.Q.Y) };
    }
}
