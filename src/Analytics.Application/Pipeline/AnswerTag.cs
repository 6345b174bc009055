using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Analytics.Application.Organisations;

namespace Analytics.Application.Pipeline;

/// <summary>The strong tag of one answer.</summary>
internal static class AnswerTag
{
    /// <summary>Grows when a number changes its meaning, so that no tag of the old meaning matches.</summary>
    private const int MetricVersion = 1;

    private const string Representation = "json";

    /// <summary>Equal exactly for answers that are equal byte for byte.</summary>
    /// <param name="organisationId">The organisation.</param>
    /// <param name="version">The version that the numbers are of.</param>
    /// <param name="product">The product that was asked about.</param>
    /// <param name="question">What was asked, after planning.</param>
    public static string Of(long organisationId, OrganisationVersion version, string product, string question)
    {
        // No part can hold the separator: ids and revisions are numbers, the rest is of alphabets without it.
        var parts = string.Join('\n', organisationId, version.Revision, version.Stamp, product, question, Representation, MetricVersion);
        return $"\"{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(parts)).AsSpan(0, 18))}\"";
    }
}
