namespace Analytics.Infrastructure.Configuration;

public enum DatabaseEngine
{
    /// <summary>The embedded default: one file.</summary>
    Sqlite,

    /// <summary>Microsoft SQL Server, from 2019 on.</summary>
    SqlServer,

    /// <summary>PostgreSQL, from 14 on, or Citus.</summary>
    Postgres,
}

public sealed record DatabaseSettings(DatabaseEngine Engine, string ConnectionString)
{
    public DatabaseLimits Limits { get; init; } = new();
}
