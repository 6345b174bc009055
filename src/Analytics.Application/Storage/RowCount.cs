namespace Analytics.Application.Storage;

internal static class RowCount
{
    /// <summary>The number of rows, where they can be many: COUNT of SQL Server is an int, and an error above 2,147,483,647.</summary>
    public const string AsBigInt = "CAST(COALESCE(SUM(CAST(1 AS BIGINT)), 0) AS BIGINT)";
}
