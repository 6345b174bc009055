namespace Analytics.Bench.Engines;

/// <summary>The engines, and what must be there for each to be measured.</summary>
internal static class AllEngines
{
    public static IEnumerable<IEngine> ThatRun()
    {
        yield return new SqliteEngine();
        if (Environment.GetEnvironmentVariable("ANALYTICS_BENCH_POSTGRES") is { Length: > 0 } postgres)
        {
            yield return new PostgresEngine(postgres);
        }
    }
}
