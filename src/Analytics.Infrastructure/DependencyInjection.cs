using Analytics.Application.Organisations;
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
            .AddSingleton<IOrganisationReader, OrganisationReader>()
            .AddSingleton(typeof(SqlDialect), SqlDialect.Common),
        DatabaseEngine.SqlServer => services
            .AddSingleton<DbDataSource>(_ => new SqlServerDatabase(SqlServerDatabase.ForReading(settings)))
            .AddSingleton<ITaskStore>(_ => new SqlServerTaskStore(new SqlServerDatabase(SqlServerDatabase.ForWriting(settings))))
            .AddSingleton<IRollupReader, SqlServerRollupReader>()
            .AddSingleton<IOrganisationReader, OrganisationReader>()
            .AddSingleton(typeof(SqlDialect), SqlDialect.TSql),
        DatabaseEngine.Postgres => services
            .AddSingleton<PostgresPrimary>()
            .AddSingleton<DbDataSource>(provider => new PostgresDataSource(
                "reads", PostgresDatabase.ForReading(settings), provider.GetRequiredService<PostgresPrimary>()))
            .AddSingleton<ITaskStore>(provider => new PostgresTaskStore(new PostgresDataSource(
                "writes", PostgresDatabase.ForWriting(settings), provider.GetRequiredService<PostgresPrimary>())))
            .AddSingleton<IRollupReader, PostgresRollupReader>()
            .AddSingleton<IOrganisationReader, PostgresOrganisationReader>()
            .AddSingleton(typeof(SqlDialect), SqlDialect.Common),
    };
}
