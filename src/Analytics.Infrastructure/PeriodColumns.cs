using System.Data.Common;
using Analytics.Domain.Numbers;

namespace Analytics.Infrastructure;

/// <summary>Reads measures column by column: a long series has thousands, and Dapper would box each number.</summary>
internal static class PeriodColumns
{
    /// <summary>The measures that begin in a column, in the order of <see cref="Measures.Parts"/>.</summary>
    public static Measures Read(DbDataReader reader, int first) => new()
    {
        Interested = reader.GetInt64(first),
        CallBack = reader.GetInt64(first + 1),
        SendDetails = reader.GetInt64(first + 2),
        NotInterested = reader.GetInt64(first + 3),
        NotConnected = reader.GetInt64(first + 4),
        CallsFailed = reader.GetInt64(first + 5),
        CallsOther = reader.GetInt64(first + 6),
        Pending = reader.GetInt64(first + 7),
        InProgress = reader.GetInt64(first + 8),
        Completed = reader.GetInt64(first + 9),
        TasksFailed = reader.GetInt64(first + 10),
        TasksOther = reader.GetInt64(first + 11),
        ScoreSum = reader.GetInt64(first + 12),
        ScoredCalls = reader.GetInt64(first + 13),
        DurationSum = reader.GetInt64(first + 14),
        TimedCalls = reader.GetInt64(first + 15),
    };
}
