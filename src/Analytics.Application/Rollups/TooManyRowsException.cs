namespace Analytics.Application.Rollups;

/// <summary>A request would read more rollups than <see cref="MaxRows"/>, all its windows together.</summary>
public sealed class TooManyRowsException() : Exception(
    $"The query needs more than {MaxRows} rows of precomputed sums: shorten its range, use a coarser interval, or add a filter by "
    + "space_token, agent or run_id.")
{
    public const long MaxRows = 250_000;
}
