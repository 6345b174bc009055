using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Analytics.Application.Organisations;
using Analytics.Domain.Metrics;

namespace Analytics.Application.Behaviors;

internal static class ETagGenerator
{
    // A strong ETag: equal for responses that are equal byte for byte.
    public static string Create(long organisationId, OrganisationVersion version, string product, string cacheKey, string representation)
    {
        // No part can contain the separator: ids and revisions are numbers, the other parts have restricted alphabets.
        var parts = string.Join(
            '\n', organisationId, version.Revision, version.Stamp, product, cacheKey, representation, MetricDefinitions.Version);
        return $"\"{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(parts)).AsSpan(0, 18))}\"";
    }
}
