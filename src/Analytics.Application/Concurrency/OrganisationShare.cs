namespace Analytics.Application.Concurrency;

/// <summary>What one organisation can use of a limited resource, so that it cannot starve the others.</summary>
public static class OrganisationShare
{
    /// <summary>At most half, but at least one if there is any.</summary>
    public static int Of(int total) => (int)Of((long)total);

    /// <inheritdoc cref="Of(int)" />
    public static long Of(long total) => total == 1 ? 1 : total / 2;
}
