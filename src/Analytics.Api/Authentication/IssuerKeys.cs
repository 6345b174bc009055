using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Analytics.Api.Authentication;

/// <summary>
/// The issuer's public keys. They are downloaded again when they are an hour old or a token's key is unknown, but at most once in
/// 10 s, so that forged tokens cannot flood the issuer. While the issuer is unreachable the last keys stay valid.
/// </summary>
internal sealed class IssuerKeys : IDisposable
{
    private static readonly TimeSpan MinRefreshInterval = TimeSpan.FromSeconds(10);

    // A key that the issuer has withdrawn is accepted for this long.
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    // Shorter than a request's timeout.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(3);

    // Of each of the two documents.
    private static readonly TimeSpan DownloadTimeout = TimeSpan.FromSeconds(5);
    private const int MaxDocumentBytes = 1024 * 1024;

    private readonly string _address;
    private readonly HttpClient _client;
    private readonly HttpDocumentRetriever _documents;
    private readonly TimeProvider _clock;
    private readonly ILogger<IssuerKeys> _logger;
    private readonly Lock _starting = new();

    private Task _refresh = Task.CompletedTask;
    private long? _refreshedAt;
    private volatile DownloadedKeys? _latest;

    public IssuerKeys(Uri authority, TimeProvider clock, ILogger<IssuerKeys> logger)
    {
        _address = $"{authority.ToString().TrimEnd('/')}/.well-known/openid-configuration";
        _client = new HttpClient { Timeout = DownloadTimeout, MaxResponseContentBufferSize = MaxDocumentBytes };
        _documents = new HttpDocumentRetriever(_client) { RequireHttps = !authority.IsLoopback };
        (_clock, _logger) = (clock, logger);
    }

    /// <summary>The last keys, without waiting; null if there are none yet.</summary>
    public OpenIdConnectConfiguration? Latest => _latest?.Configuration;

    /// <summary>The last keys; null if there are none yet and the issuer does not respond.</summary>
    public async ValueTask<OpenIdConnectConfiguration?> GetAsync()
    {
        if (_latest is not { } latest)
        {
            return await GetFreshAsync();
        }

        if (_clock.GetElapsedTime(latest.RequestedAt) >= MaxAge)
        {
            _ = Refresh();
        }

        return latest.Configuration;
    }

    /// <summary>Keys that are less than 10 s old; null if the issuer does not respond.</summary>
    public async Task<OpenIdConnectConfiguration?> GetFreshAsync()
    {
        if (GetFresh() is { } fresh)
        {
            return fresh;
        }

        try
        {
            await Refresh().WaitAsync(MaxWait, _clock);
        }
        catch (TimeoutException)
        {
            // The download goes on for the next request.
        }

        return GetFresh();
    }

    public void Dispose() => _client.Dispose();

    private OpenIdConnectConfiguration? GetFresh() =>
        _latest is { } latest && _clock.GetElapsedTime(latest.RequestedAt) < MinRefreshInterval ? latest.Configuration : null;

    // The running or the last download, unless another may start.
    private Task Refresh()
    {
        lock (_starting)
        {
            if (_refresh.IsCompleted && (_refreshedAt is not { } last || _clock.GetElapsedTime(last) >= MinRefreshInterval))
            {
                var now = _clock.GetTimestamp();
                _refreshedAt = now;
                _refresh = Task.Run(() => DownloadAsync(now));
            }

            return _refresh;
        }
    }

    // Serves all requests: none of them can cancel it.
    private async Task DownloadAsync(long requestedAt)
    {
        try
        {
            var configuration = await OpenIdConnectConfigurationRetriever.GetAsync(_address, _documents, CancellationToken.None);
            _latest = configuration.SigningKeys.Count > 0
                ? new DownloadedKeys(configuration, requestedAt)
                : throw new InvalidOperationException("The issuer publishes no keys.");
        }
        catch (Exception exception)
        {
            _logger.LogWarning(exception, "The issuer's keys cannot be fetched");
        }
    }

    private sealed record DownloadedKeys(OpenIdConnectConfiguration Configuration, long RequestedAt);
}
