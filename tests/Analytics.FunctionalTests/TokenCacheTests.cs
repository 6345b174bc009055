using System.Text;
using Analytics.Api.Authentication;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.FunctionalTests;

/// <summary>A valid token is validated once, and cached no longer than it may be used.</summary>
internal sealed class TokenCacheTests
{
    private static readonly TokenValidationParameters Parameters = new()
    {
        IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(Tokens.SigningKey)),
        ValidateIssuer = false,
        ValidateAudience = false,
        ClockSkew = TimeSpan.Zero,
    };

    private FakeTimeProvider _clock = null!;
    private CountingValidator _validator = null!;
    private CachingTokenHandler _handler = null!;

    [SetUp]
    public void CreateHandler()
    {
        _clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        _validator = new CountingValidator();
        _handler = new CachingTokenHandler(_validator, _clock);
    }

    [TearDown]
    public void DisposeHandler() => _handler.Dispose();

    [Test]
    public async Task Token_is_validated_again_after_five_minutes()
    {
        var token = Tokens.Create("7");
        var counts = new List<int>();
        foreach (var elapsed in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(299), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(299) })
        {
            _clock.Advance(elapsed);
            Assert.That((await _handler.ValidateTokenAsync(token, Parameters)).IsValid);
            counts.Add(_validator.Validations);
        }

        Assert.That(counts, Is.EqualTo(new[] { 1, 1, 2, 2 }));
    }

    [Test]
    public async Task Identity_is_created_once_and_the_token_is_not_cached()
    {
        var token = Tokens.Create("7");
        var first = await _handler.ValidateTokenAsync(token, Parameters);
        var second = await _handler.ValidateTokenAsync(token, Parameters);

        Assert.That(second.ClaimsIdentity, Is.SameAs(first.ClaimsIdentity));
        Assert.That(first.ClaimsIdentity.Claims.Select(claim => (claim.Type, claim.Value)),
            Is.EqualTo(new[] { (CallerClaims.CallerClaim, "7") }));
        Assert.That(first.SecurityToken, Is.Not.InstanceOf<JsonWebToken>());
    }

    [Test]
    public async Task Rejected_token_is_not_cached()
    {
        string[] tokens = [Tokens.Create("7", $"{Tokens.SigningKey} of another"), Tokens.Create(""), Tokens.Create("7")[..^1]];
        foreach (var token in tokens.Concat(tokens))
        {
            Assert.That((await _handler.ValidateTokenAsync(token, Parameters)).IsValid, Is.False);
        }

        Assert.That(_validator.Validations, Is.EqualTo(2 * tokens.Length));
    }

    [Test]
    public async Task Cache_is_bounded()
    {
        var tokens = Enumerable.Range(0, CachingTokenHandler.MaxTokens + 1_000).Select(user => Tokens.Create(user)).ToList();
        foreach (var token in tokens.Concat(tokens))
        {
            await _handler.ValidateTokenAsync(token, Parameters);
        }

        Assert.That(_validator.Validations, Is.AtLeast(tokens.Count + 1_000));
    }

    [Test]
    public async Task Cached_token_expires_with_30_seconds_of_clock_skew()
    {
        await using var service = await Acme.StartServiceAsync(
            DatabaseEngine.Sqlite, services => services.AddSingleton<TimeProvider>(_clock), ("Logging:LogLevel:Default", "None"));
        var expiry = _clock.GetUtcNow().ToUnixTimeSeconds() + 60;
        var token = Tokens.Sign(Tokens.CreateClaims(("user_id", Acme.MemberUserId), ("exp", expiry)));
        var request = new AnalyticsRequest { Authorization = $"jwt {token}" };
        var statuses = new List<int>();
        foreach (var seconds in new[] { 0, 60, 29, 2 })
        {
            _clock.Advance(TimeSpan.FromSeconds(seconds));
            statuses.Add((await service.SendAsync(request)).Status);
        }

        Assert.That(statuses, Is.EqualTo(new[] { 200, 200, 200, 401 }));
    }

    private sealed class CountingValidator : JsonWebTokenHandler
    {
        public int Validations { get; private set; }

        public override Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
        {
            Validations++;
            return base.ValidateTokenAsync(token, validationParameters);
        }
    }
}
