namespace Analytics.Application.Rollups;

/// <summary>A measure whose stored total differs from the recounted one.</summary>
public sealed record Difference(long SpaceId, string ProductId, string Measure, long Stored, long Recounted);

/// <summary>
/// The result for one organisation. <c>OutcomeMismatches</c> counts the tasks stored with another outcome than the rules give;
/// <c>DifferentRollups</c> is null while the rollups are stale or being rebuilt, and the totals are then not compared.
/// </summary>
public sealed record VerificationResult(
    long OrganisationId, string Handle, long Tasks, long OutcomeMismatches, IReadOnlyList<Difference> Differences, long? DifferentRollups)
{
    public bool IsClean => OutcomeMismatches == 0 && Differences.Count == 0 && DifferentRollups == 0;
}
