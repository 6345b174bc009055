using System.Diagnostics;
using Analytics.Application.Observability;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>Measures SQLite's operations, as the drivers of servers do themselves.</summary>
internal readonly struct CommandTimer
{
    private static readonly KeyValuePair<string, object?> Engine = new("db.system.name", "sqlite");
    private static readonly KeyValuePair<string, object?> Query = new("db.operation.name", "SELECT");
    private static readonly KeyValuePair<string, object?> Write = new("db.operation.name", "BATCH");

    private readonly long _since;

    private CommandTimer(long since) => _since = since;

    public static CommandTimer Start() =>
        AnalyticsMetrics.DatabaseOperationDuration.Enabled ? new CommandTimer(Stopwatch.GetTimestamp()) : default;

    public void EndQuery() => Record(Query);

    // A transaction is measured as a whole: its statements are too short to be measured one by one.
    public void EndTransaction() => Record(Write);

    private void Record(KeyValuePair<string, object?> operation)
    {
        if (_since != 0)
        {
            AnalyticsMetrics.DatabaseOperationDuration.Record(Stopwatch.GetElapsedTime(_since).TotalSeconds, Engine, operation);
        }
    }
}
