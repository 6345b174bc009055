using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using Analytics.Infrastructure.Postgres;
using Analytics.Infrastructure.Sqlite;
using Analytics.Infrastructure.SqlServer;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Infrastructure;

public static class DependencyInjection
{
    public static IServiceCollection AddDatabase(this IServiceCollection services, DatabaseSettings settings) => settings.Engine switch
    {
        DatabaseEngine.Sqlite => services
            .AddSingleton<DbDataSource>(_ => new SqliteDatabase(settings))
            .AddSingleton<ITaskStore, SqliteTaskStore>()
            .AddSingleton<IRollupReader, SqliteRollupReader>()
            .AddSingleton(typeof(RowLimit), RowLimit.Limit),
        DatabaseEngine.SqlServer => services
            .AddSingleton<DbDataSource>(_ => new SqlServerDatabase(SqlServerDatabase.ForReading(settings)))
            .AddSingleton<ITaskStore>(_ => new SqlServerTaskStore(new SqlServerDatabase(SqlServerDatabase.ForWriting(settings))))
            .AddSingleton<IRollupReader, SqlServerRollupReader>()
            .AddSingleton(typeof(RowLimit), RowLimit.FetchNext),
        DatabaseEngine.Postgres => services
            .AddSingleton<DbDataSource>(_ => PostgresDatabase.CreateDataSource("reads", PostgresDatabase.ForReading(settings)))
            .AddSingleton<ITaskStore>(
                _ => new PostgresTaskStore(PostgresDatabase.CreateDataSource("writes", PostgresDatabase.ForWriting(settings))))
            .AddSingleton<IRollupReader, PostgresRollupReader>()
            .AddSingleton(typeof(RowLimit), RowLimit.Limit),
    };
}
