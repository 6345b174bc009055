using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Analytics.Client;

/// <summary>Returns an access token, from a cache if it is still valid.</summary>
/// <param name="rejectedToken">The token that the service has just rejected; null at first. Return another one.</param>
/// <param name="cancellationToken">Cancels the request that needs the token.</param>
public delegate ValueTask<string> AccessTokenProvider(string? rejectedToken, CancellationToken cancellationToken);

/// <summary>Where the service is, and who reads which organisation.</summary>
public sealed class AnalyticsClientOptions
{
    /// <summary>The address of the service, such as <c>https://analytics.example.com</c>. Required.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>An access token. Either this or <see cref="TokenProvider"/> is required.</summary>
    public string? Token { get; set; }

    /// <summary>
    /// Returns the access token of each request. After a 401 it is called once more, with the rejected token.
    /// Either this or <see cref="Token"/> is required.
    /// </summary>
    public AccessTokenProvider? TokenProvider { get; set; }

    /// <summary>
    /// The handle of the organisation. Only <see cref="AnalyticsClient.GetOrganisationPageAsync"/> and
    /// <see cref="AnalyticsClient.GetDefinitionsAsync"/> need none, and <see cref="AnalyticsClient.WithOrganisation"/> replaces it.
    /// </summary>
    public string? Organisation { get; set; }

    /// <summary>The product whose tasks count; <c>unpod.dev</c> if null.</summary>
    public string? Product { get; set; }

    /// <summary>How often a request is sent again after a broken connection, 429, 502, 503 and 504.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>How long one attempt may take; of an export, how long the service may send nothing.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>The clock of timeouts and of the pauses between attempts.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}

internal sealed partial class AnalyticsClientOptionsValidator : IValidateOptions<AnalyticsClientOptions>
{
    public ValidateOptionsResult Validate(string? name, AnalyticsClientOptions options)
    {
        List<string> errors = [.. GetErrors(options)];
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    public static AnalyticsClientOptions ThrowIfInvalid(AnalyticsClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> errors = [.. GetErrors(options)];
        return errors.Count == 0
            ? options
            : throw new OptionsValidationException(Options.DefaultName, typeof(AnalyticsClientOptions), errors);
    }

    private static IEnumerable<string> GetErrors(AnalyticsClientOptions options)
    {
        if (options.BaseAddress is not { IsAbsoluteUri: true, Query: "", Fragment: "", Scheme: "https" or "http" })
        {
            yield return "BaseAddress must be the absolute http or https address of the service, without a query.";
        }

        if (string.IsNullOrWhiteSpace(options.Token) == options.TokenProvider is null)
        {
            yield return "Either Token or TokenProvider must be set, and not both.";
        }

        if (options.Organisation is not null && !HandlePattern().IsMatch(options.Organisation))
        {
            yield return "Organisation must have 1 to 99 letters, digits, '.', '-' or '_'.";
        }

        if (options.Product is not null && !ProductPattern().IsMatch(options.Product))
        {
            yield return "Product must have 1 to 100 letters, digits, '.', '-' or '_'.";
        }

        if (options.MaxRetries < 0)
        {
            yield return "MaxRetries must not be negative.";
        }

        if (options.Timeout < TimeSpan.FromSeconds(1) || options.Timeout > TimeSpan.FromDays(1))
        {
            yield return "Timeout must be at least one second and at most one day.";
        }

        if (options.TimeProvider is null)
        {
            yield return "TimeProvider must not be null.";
        }
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,99}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex HandlePattern();

    [GeneratedRegex("^[A-Za-z0-9._-]{1,100}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ProductPattern();
}
