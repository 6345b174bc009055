namespace Analytics.Bench.Traffic;

/// <summary>When the next request is due.</summary>
/// <param name="now">How long the load has been on.</param>
/// <returns>The same count; nothing at the end.</returns>
internal delegate TimeSpan? NextArrival(TimeSpan now);

internal static class Arrivals
{
    private const int Seed = 1;

    /// <summary>Each connection asks again as soon as it is answered.</summary>
    public static NextArrival WhenAnswered(TimeSpan length) => now => now < length ? now : null;

    /// <summary>By chance, as those of many who do not know of each other: a server that is late is asked none the less.</summary>
    public static NextArrival ByChance(double perSecond, TimeSpan length)
    {
        var random = new Random(Seed);
        var gate = new Lock();
        var due = TimeSpan.Zero;
        return _ =>
        {
            lock (gate)
            {
                due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / perSecond);
                return due < length ? due : null;
            }
        };
    }
}
