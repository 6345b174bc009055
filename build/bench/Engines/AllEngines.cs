namespace Analytics.Bench.Engines;

internal static class AllEngines
{
    public static IEnumerable<IEngine> GetConfigured()
    {
        yield return new SqliteEngine();
        if (Environment.GetEnvironmentVariable("ANALYTICS_BENCH_POSTGRES") is { Length: > 0 } postgres)
        {
            yield return new PostgresEngine(postgres);
        }
    }
}
