using System.Security.Cryptography;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.FunctionalTests;

/// <summary>How the service follows an issuer that replaces its keys, and what forged tokens and an issuer that fails can do.</summary>
internal sealed class IssuerKeyTests
{
    private const string Audience = "analytics";

    private static readonly TimeSpan MinRefreshInterval = TimeSpan.FromSeconds(10);

    private readonly RSA _forgersKey = RSA.Create(2048);
    private FakeTimeProvider _clock = null!;
    private Issuer _issuer = null!;
    private AnalyticsService _service = null!;

    [OneTimeTearDown]
    public void DisposeKey() => _forgersKey.Dispose();

    [SetUp]
    public async Task StartAsync()
    {
        _clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        _issuer = await Issuer.StartAsync();
        _service = await Acme.StartServiceAsync(DatabaseEngine.Sqlite, services => services.AddSingleton<TimeProvider>(_clock),
            ("Jwt:SigningKeys:0", null), ("Jwt:Authority", _issuer.Address), ("Jwt:Audience", Audience),
            ("Logging:LogLevel:Default", "None"));
        Assert.That(await SendAsync(), Is.EqualTo(200));
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _service.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [TestCase("new"), TestCase(null)]
    public async Task Token_with_a_new_key_is_accepted_at_once_and_one_with_the_old_key_no_longer(string? keyId)
    {
        var oldToken = Sign();
        Assert.That(await SendAsync(oldToken), Is.EqualTo(200), "The token is cached");
        _issuer.Rotate(keyId);
        _clock.Advance(MinRefreshInterval);

        Assert.That(await SendAsync(), Is.EqualTo(200));
        Assert.That((await SendAsync(oldToken), _issuer.Downloads), Is.EqualTo((401, 2)));
    }

    [Test]
    public async Task New_key_is_accepted_10_s_after_the_last_refresh_at_the_latest()
    {
        _issuer.Rotate("new");
        _clock.Advance(MinRefreshInterval - TimeSpan.FromMilliseconds(1));
        var early = await SendAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That((early, await SendAsync()), Is.EqualTo((401, 200)));
    }

    [Test]
    public async Task Forged_tokens_refresh_the_keys_at_most_once_in_10_s()
    {
        var statuses = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            _clock.Advance(MinRefreshInterval);
            statuses.AddRange(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendForgedAsync())));
        }

        Assert.That((statuses, _issuer.Downloads), Is.EqualTo((Enumerable.Repeat(401, 60), 1 + 3)));
    }

    [Test]
    public async Task Forged_token_does_not_delay_a_new_key_longer_than_10_s()
    {
        _clock.Advance(MinRefreshInterval);
        await SendForgedAsync();
        _issuer.Rotate("new");
        _clock.Advance(MinRefreshInterval);

        Assert.That(await SendAsync(), Is.EqualTo(200));
    }

    [Test]
    public async Task Failed_refresh_is_a_503_for_unknown_keys_only_and_repeated_after_10_s()
    {
        _issuer.IsFailing = true;
        var fresh = await SendForgedAsync();
        _clock.Advance(MinRefreshInterval);
        var failed = (await SendForgedAsync(), await SendForgedAsync(), await SendAsync(), _issuer.Downloads);
        _issuer.IsFailing = false;
        var tooEarly = (await SendForgedAsync(), _issuer.Downloads);
        _clock.Advance(MinRefreshInterval);

        Assert.That(fresh, Is.EqualTo(401));
        Assert.That(failed, Is.EqualTo((503, 503, 200, 2)));
        Assert.That(tooEarly, Is.EqualTo((503, 2)));
        Assert.That((await SendForgedAsync(), _issuer.Downloads), Is.EqualTo((401, 3)));
    }

    [Test]
    public async Task Running_refresh_is_a_503_for_unknown_keys_only()
    {
        var slowIssuer = new TaskCompletionSource();
        _issuer.BeforeResponse = slowIssuer.Task;
        _clock.Advance(MinRefreshInterval);

        var forged = SendForgedAsync();
        await Eventually.TrueAsync(() => _issuer.Downloads == 2);
        var meanwhile = await SendAsync();
        await Eventually.TrueAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(3));
            return forged.IsCompleted;
        });
        slowIssuer.SetResult();

        Assert.That((meanwhile, await forged), Is.EqualTo((200, 503)));
    }

    [Test]
    public async Task Keys_are_refreshed_each_hour_without_delaying_a_request()
    {
        var slowIssuer = new TaskCompletionSource();
        _issuer.BeforeResponse = slowIssuer.Task;
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.That(await SendAsync(), Is.EqualTo(200));
        await Eventually.TrueAsync(() => _issuer.Downloads == 2);
        slowIssuer.SetResult();
    }

    [Test]
    public async Task Cached_token_of_a_withdrawn_key_is_rejected_after_the_hourly_refresh()
    {
        var token = Sign(("exp", Tokens.GetUnixTimeFromNow(TimeSpan.FromHours(2))));
        _clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        Assert.That(await SendAsync(token), Is.EqualTo(200), "The token is cached");
        _issuer.Rotate("new");
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await SendAsync(token), Is.EqualTo(200), "The request that starts the refresh does not wait for it");
        await Eventually.TrueAsync(async () => await SendAsync(token) == 401);
    }

    [Test]
    public async Task Issuer_without_keys_leaves_the_known_ones()
    {
        _issuer.HasNoKeys = true;
        _clock.Advance(MinRefreshInterval);

        Assert.That((await SendForgedAsync(), await SendAsync()), Is.EqualTo((503, 200)));
    }

    private string Sign(params IEnumerable<(string Name, object Value)> claims) =>
        _issuer.Sign(CreateClaims(claims), SecurityAlgorithms.RsaSha256);

    private Task<int> SendAsync() => SendAsync(Sign());

    // With a key that the issuer does not have.
    private Task<int> SendForgedAsync() => SendAsync(Tokens.Sign(
        CreateClaims(),
        new SigningCredentials(new RsaSecurityKey(_forgersKey) { KeyId = $"{Guid.NewGuid()}" }, SecurityAlgorithms.RsaSha256)));

    private async Task<int> SendAsync(string token) =>
        (await _service.SendAsync(new AnalyticsRequest { Authorization = $"Bearer {token}" })).Status;

    private Dictionary<string, object> CreateClaims(params IEnumerable<(string Name, object Value)> claims) =>
        Tokens.CreateClaims([.. claims, ("user_id", Acme.MemberUserId), ("iss", _issuer.Address), ("aud", Audience)]);
}
