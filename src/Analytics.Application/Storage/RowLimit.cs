namespace Analytics.Application.Storage;

/// <summary>The clause of the engine's SQL that limits the number of rows.</summary>
public enum RowLimit
{
    // LIMIT n: SQLite and PostgreSQL.
    Limit,

    // TOP (n), or OFFSET 0 ROWS FETCH NEXT n ROWS ONLY: SQL Server.
    FetchNext,
}
