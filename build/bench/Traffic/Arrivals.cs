namespace Analytics.Bench.Traffic;

/// <summary>Returns when the next request is due, relative to the start of the load; null at the end.</summary>
internal delegate TimeSpan? NextArrival(TimeSpan now);

internal static class Arrivals
{
    private const int Seed = 1;

    // Each connection sends its next request as soon as it has a response.
    public static NextArrival ClosedLoop(TimeSpan length) => now => now < length ? now : null;

    // Random arrivals, independent of the responses, like those of many independent clients.
    public static NextArrival Poisson(double perSecond, TimeSpan length)
    {
        var random = new Random(Seed);
        var sync = new Lock();
        var due = TimeSpan.Zero;
        return _ =>
        {
            lock (sync)
            {
                due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / perSecond);
                return due < length ? due : null;
            }
        };
    }
}
