namespace Analytics.Application.Storage;

/// <summary>Where engines share a statement but for some clauses.</summary>
public enum SqlDialect
{
    // SQLite and PostgreSQL: LIMIT n.
    Common,

    // SQL Server: TOP (n), or OFFSET 0 ROWS FETCH NEXT n ROWS ONLY; and hints (see IndexHints).
    TSql,
}
