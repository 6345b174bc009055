using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Analytics.Client;

/// <summary>Retries and the timeout of an attempt. A push is retried too: a task that is already stored counts as unchanged.</summary>
internal static class ResilienceSetup
{
    public static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> builder, AnalyticsClientOptions options)
    {
        builder.TimeProvider = options.TimeProvider;
        if (options.MaxRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.MaxRetries,
                ShouldHandle = attempt =>
                    ValueTask.FromResult(IsTransient(attempt.Outcome) && !RequestMarks.IsLive(attempt.Context.GetRequestMessage())),
                DelayGenerator = attempt => ValueTask.FromResult<TimeSpan?>(TransientErrors.GetDelay(
                    attempt.AttemptNumber, TransientErrors.GetRetryAfter(attempt.Outcome.Result, options.TimeProvider))),
            });
        }

        builder.AddTimeout(options.Timeout);
    }

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or IOException or TimeoutRejectedException } => true,
        { Result: { } response } => TransientErrors.Contains(response.StatusCode),
        _ => false,
    };
}
