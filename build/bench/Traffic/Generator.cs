using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Analytics.Api.Controllers;
using Analytics.Application.Ingestion.PushTasks;

namespace Analytics.Bench.Traffic;

/// <summary>
/// Sends the traffic mix to a service over a limited number of persistent connections. Any response other than 200, or 429 and 503
/// with Retry-After, ends the run.
/// </summary>
internal sealed class Generator(Server service, Mix mix)
{
    // Several times the service's queue limits. While all connections are busy, requests are sent late.
    private const int MaxConcurrentConnections = 2_048;

    // Longer than the request timeout of the service.
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(1);

    public Task<Replies> SendAsync(double perSecond, TimeSpan length, CancellationToken cancellationToken) =>
        SendAsync(MaxConcurrentConnections, Arrivals.Poisson(perSecond, length), length, cancellationToken);

    public Task<Replies> SaturateAsync(int connections, TimeSpan length, CancellationToken cancellationToken) =>
        SendAsync(connections, Arrivals.ClosedLoop(length), length, cancellationToken);

    private async Task<Replies> SendAsync(int connections, NextArrival next, TimeSpan length, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(length + StopTimeout);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = connections,
        });
        var start = Stopwatch.GetTimestamp();
        var senders = Enumerable.Range(0, connections)
            .Select(number => Task.Run(() => SendAsync(client, new Random(number), next, start, limit.Token), limit.Token));
        var replies = await Task.WhenAll(senders);
        return new Replies([.. replies.SelectMany(batch => batch)], length);
    }

    // One connection. Latency is measured from the time when a request was due, even if it was sent late.
    private async Task<List<Reply>> SendAsync(
        HttpMessageInvoker client, Random random, NextArrival next, long start, CancellationToken cancellationToken)
    {
        var replies = new List<Reply>();
        while (next(Stopwatch.GetElapsedTime(start)) is { } due)
        {
            // A timer may fire too early.
            while (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } wait)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), cancellationToken);
            }

            var (message, pushed) = mix.Next(service.Address, random);
            using (message)
            {
                var late = Stopwatch.GetElapsedTime(start) - due;
                var outcome = late > MaxDelay ? RequestOutcome.NotSent : await SendAsync(client, message, pushed, cancellationToken);
                replies.Add(new Reply(due, late, Stopwatch.GetElapsedTime(start) - due, outcome, IsPush: pushed is not null));
            }
        }

        return replies;
    }

    private static async Task<RequestOutcome> SendAsync(
        HttpMessageInvoker client, HttpRequestMessage message, OngoingCalls? pushed, CancellationToken cancellationToken)
    {
        using var response = await client.SendAsync(message, cancellationToken);
        var isRejected = response is {
            StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, Headers.RetryAfter.Delta: not null };
        if (!isRejected && response.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidOperationException(
                $"{message.Method} {message.RequestUri}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }

        if (isRejected || pushed is null)
        {
            await response.Content.CopyToAsync(Stream.Null, cancellationToken);
            pushed?.RecordRejection();
        }
        else
        {
            pushed.RecordAcknowledged(await ReadInsertedAsync(response, cancellationToken));
        }

        return isRejected ? RequestOutcome.Rejected : RequestOutcome.Served;
    }

    private static async Task<long> ReadInsertedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var written = (await JsonSerializer.DeserializeAsync<ApiResponse<PushTasksResponse>>(body, Json.Options, cancellationToken))!.Data;
        return written.Rejected == 0 ? written.Inserted
            : throw new InvalidOperationException($"{written.Rejected} tasks of a push were rejected: {written.Errors[0].Message}");
    }
}
