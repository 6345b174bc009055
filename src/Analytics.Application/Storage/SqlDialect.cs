namespace Analytics.Application.Storage;

/// <summary>Where the engine's SQL differs from that of the others, for statements that are otherwise the same.</summary>
public sealed record SqlDialect(RowLimit RowLimit);

/// <summary>How a statement ends after some rows.</summary>
public enum RowLimit
{
    /// <summary>SQLite and PostgreSQL.</summary>
    Limit,

    /// <summary>SQL Server.</summary>
    FetchNext,
}
