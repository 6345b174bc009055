using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Analytics.Client;

/// <summary>One connection of a live report.</summary>
internal static class EventStream
{
    // The service sends a comment every 15 seconds.
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(35);

    public static async IAsyncEnumerable<AnalyticsEvent> ReadAsync(
        ApiConnection connection, ApiRequest request, string? lastEventId, Action opened,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(connection, request, lastEventId, cancellationToken).ConfigureAwait(false);
        opened();
        using var body = await connection.ReadStreamAsync(response, MaxSilence, cancellationToken).ConfigureAwait(false);
        await foreach (var item in SseParser.Create(body, Parse).EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            if (item.EventId is { } id)
            {
                yield return new AnalyticsEvent(id, item.Data);
            }
        }
    }

    private static async Task<HttpResponseMessage> OpenAsync(
        ApiConnection connection, ApiRequest request, string? lastEventId, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(MaxSilence, connection.Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            return await connection.OpenLiveAsync(request, lastEventId, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw AnalyticsException.Unreachable($"The service did not respond within {MaxSilence.TotalSeconds} seconds.", exception);
        }
    }

    private static AnalyticsData? Parse(string eventType, ReadOnlySpan<byte> data)
    {
        try
        {
            return eventType switch
            {
                SseParser.EventTypeDefault => JsonSerializer.Deserialize(data, AnalyticsJson.Default.EnvelopeAnalyticsData).GetData(),
                "error" => throw AnalyticsException.FromEvent(
                    JsonSerializer.Deserialize(data, AnalyticsJson.Default.ErrorResponse) ?? throw new JsonException("There is no error.")),
                _ => null,
            };
        }
        catch (JsonException exception)
        {
            throw AnalyticsException.Unreadable(exception);
        }
    }
}
