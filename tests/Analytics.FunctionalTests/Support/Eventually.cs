using System.Diagnostics;

namespace Analytics.FunctionalTests.Support;

/// <summary>Waits for a condition, and fails if it does not become true in time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(MaxWait), "The condition has not become true");
            await Task.Delay(PollInterval);
        }
    }
}
