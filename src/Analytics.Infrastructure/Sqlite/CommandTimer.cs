using System.Diagnostics;
using Analytics.Application.Observability;

namespace Analytics.Infrastructure.Sqlite;

/// <summary>Measures what SQLite does, as the servers' drivers do by themselves.</summary>
internal readonly struct CommandTimer
{
    private static readonly KeyValuePair<string, object?> Engine = new("db.system.name", "sqlite");
    private static readonly KeyValuePair<string, object?> Query = new("db.operation.name", "SELECT");
    private static readonly KeyValuePair<string, object?> Write = new("db.operation.name", "BATCH");

    private readonly long _since;

    private CommandTimer(long since) => _since = since;

    public static CommandTimer Start() => AnalyticsMetrics.DatabaseOperationDuration.Enabled ? new CommandTimer(Stopwatch.GetTimestamp()) : default;

    /// <summary>Ends a question, after its last row.</summary>
    public void EndQuery() => Record(Query);

    /// <summary>Ends a transaction that wrote: many statements, which are too short to be measured one by one.</summary>
    public void EndTransaction() => Record(Write);

    private void Record(KeyValuePair<string, object?> operation)
    {
        if (_since != 0)
        {
            AnalyticsMetrics.DatabaseOperationDuration.Record(Stopwatch.GetElapsedTime(_since).TotalSeconds, Engine, operation);
        }
    }
}
