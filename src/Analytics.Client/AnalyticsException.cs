using System.Collections.ObjectModel;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Analytics.Client;

/// <summary>An error of the service, or a connection that could not be made or broke off.</summary>
public sealed class AnalyticsException : Exception
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> NoErrors =
        ReadOnlyDictionary<string, IReadOnlyList<string>>.Empty;

    private AnalyticsException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The status of the response; null if there was none, or if it broke off.</summary>
    public HttpStatusCode? StatusCode { get; private init; }

    /// <summary>The reason, for programs.</summary>
    public ErrorCode Code { get; private init; } = ErrorCode.Unreachable;

    /// <summary>Each invalid input as it was sent, with the rules that it breaks.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; private init; } = NoErrors;

    /// <summary>The id that finds the request in the service's log.</summary>
    public string? RequestId { get; private init; }

    /// <summary>How long the service wants the client to wait.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsTransient => StatusCode is not { } status || TransientErrors.Contains(status);

    internal static AnalyticsException Unreachable(string message, Exception? innerException = null) => new(message, innerException);

    internal static AnalyticsException Unreadable(Exception innerException) =>
        new("The response cannot be read.", innerException) { StatusCode = HttpStatusCode.OK, Code = ErrorCode.Unknown };

    // The last event of a stream.
    internal static AnalyticsException FromEvent(ErrorResponse error) => Create(error, (HttpStatusCode?)error.StatusCode);

    internal static async Task<AnalyticsException> FromResponseAsync(
        HttpResponseMessage response, TimeProvider timeProvider, CancellationToken cancellationToken) => Create(
            await ReadAsync(response, cancellationToken).ConfigureAwait(false),
            response.StatusCode,
            response.Headers.TryGetValues("X-Request-Id", out var ids) ? string.Join(',', ids) : null,
            TransientErrors.GetRetryAfter(response, timeProvider));

    private static AnalyticsException Create(
        ErrorResponse? error, HttpStatusCode? status, string? requestId = null, TimeSpan? retryAfter = null) =>
        new(error?.Message ?? $"The service responded with {(int?)status}.")
        {
            StatusCode = status,
            Code = error?.Code ?? ErrorCode.Unknown,
            Errors = error?.Errors ?? NoErrors,
            RequestId = error?.RequestId ?? requestId,
            RetryAfter = retryAfter,
        };

    // A proxy's error has another body, or none.
    private static async Task<ErrorResponse?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(AnalyticsJson.Default.ErrorResponse, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
