using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Analytics.Application.Organisations;
using Analytics.Domain.Metrics;

namespace Analytics.Application.Behaviors;

/// <summary>The strong tag of one answer.</summary>
internal static class ETagGenerator
{
    /// <summary>Equal exactly for answers that are equal byte for byte.</summary>
    /// <param name="organisationId">The organisation.</param>
    /// <param name="version">The version that the numbers are of.</param>
    /// <param name="product">The product that was asked about.</param>
    /// <param name="cacheKey">What was asked, after planning.</param>
    /// <param name="representation">The form of the answer.</param>
    public static string Create(long organisationId, OrganisationVersion version, string product, string cacheKey, string representation)
    {
        // No part can hold the separator: ids and revisions are numbers, the rest is of alphabets without it.
        var parts = string.Join('\n', organisationId, version.Revision, version.Stamp, product, cacheKey, representation, MetricDefinitions.Version);
        return $"\"{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(parts)).AsSpan(0, 18))}\"";
    }
}
