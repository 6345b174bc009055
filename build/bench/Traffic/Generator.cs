using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Analytics.Api.Controllers;
using Analytics.Application.Ingestion.PushTasks;

namespace Analytics.Bench.Traffic;

/// <summary>Sends the mix to a service, over a bounded number of kept connections. What is neither served nor refused as the contract says ends the run.</summary>
internal sealed class Generator(Server service, Mix mix)
{
    /// <summary>Several times as many as a service lets wait: while all are busy, it is the load that is late.</summary>
    private const int ManyConnections = 2_048;

    /// <summary>Longer than any answer may take.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestEnd = TimeSpan.FromMinutes(1);

    /// <summary>Requests that arrive by chance.</summary>
    public Task<Replies> SendAsync(double perSecond, TimeSpan length, CancellationToken cancellationToken) =>
        SendAsync(ManyConnections, Arrivals.ByChance(perSecond, length), length, cancellationToken);

    /// <summary>Connections that ask again as soon as they are answered.</summary>
    public Task<Replies> SaturateAsync(int connections, TimeSpan length, CancellationToken cancellationToken) =>
        SendAsync(connections, Arrivals.WhenAnswered(length), length, cancellationToken);

    private async Task<Replies> SendAsync(int connections, NextArrival next, TimeSpan length, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(length + LongestEnd);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = connections,
        });
        var began = Stopwatch.GetTimestamp();
        var senders = Enumerable.Range(0, connections).Select(number => Task.Run(() => SendAsync(client, new Random(number), next, began, limit.Token), limit.Token));
        var replies = await Task.WhenAll(senders);
        return new Replies([.. replies.SelectMany(ofOne => ofOne)], length);
    }

    /// <summary>One connection: when it is late, its requests' latency counts from when they were due all the same.</summary>
    private async Task<List<Reply>> SendAsync(HttpMessageInvoker client, Random random, NextArrival next, long began, CancellationToken cancellationToken)
    {
        var replies = new List<Reply>();
        while (next(Stopwatch.GetElapsedTime(began)) is { } due)
        {
            // A timer may ring too early.
            while (due - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } wait)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), cancellationToken);
            }

            var (message, pushed) = mix.Next(service.Address, random);
            using (message)
            {
                var late = Stopwatch.GetElapsedTime(began) - due;
                var fate = late > LongestDelay ? Fate.Unsent : await SendAsync(client, message, pushed, cancellationToken);
                replies.Add(new Reply(due, late, Stopwatch.GetElapsedTime(began) - due, fate, IsPush: pushed is not null));
            }
        }

        return replies;
    }

    private static async Task<Fate> SendAsync(HttpMessageInvoker client, HttpRequestMessage message, OngoingCalls? pushed, CancellationToken cancellationToken)
    {
        using var response = await client.SendAsync(message, cancellationToken);
        var isRefused = response is { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, Headers.RetryAfter.Delta: not null };
        if (!isRefused && response.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"{message.Method} {message.RequestUri}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }

        if (isRefused || pushed is null)
        {
            await response.Content.CopyToAsync(Stream.Null, cancellationToken);
            pushed?.Refuse();
        }
        else
        {
            pushed.Acknowledge(await ReadInsertedAsync(response, cancellationToken));
        }

        return isRefused ? Fate.Refused : Fate.Served;
    }

    private static async Task<long> ReadInsertedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var written = (await JsonSerializer.DeserializeAsync<ApiResponse<PushTasksResponse>>(body, Json.Options, cancellationToken))!.Data;
        return written.Rejected == 0 ? written.Inserted : throw new InvalidOperationException($"{written.Rejected} tasks of a push were rejected: {written.Errors[0].Message}");
    }
}
