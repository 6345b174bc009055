namespace Analytics.Application.Storage;

/// <summary>The differences between the engines' SQL in statements that are otherwise the same.</summary>
public sealed record SqlDialect(RowLimit RowLimit);

public enum RowLimit
{
    // LIMIT n: SQLite and PostgreSQL.
    Limit,

    // TOP (n), or OFFSET 0 ROWS FETCH NEXT n ROWS ONLY: SQL Server.
    FetchNext,
}
