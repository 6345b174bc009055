using System.Diagnostics;

namespace Analytics.FunctionalTests.Support;

/// <summary>Waits for what must come, and fails when it does not.</summary>
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
            Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(MaxWait), "What is waited for does not come");
            await Task.Delay(PollInterval);
        }
    }
}
