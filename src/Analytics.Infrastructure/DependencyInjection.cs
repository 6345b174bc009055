using System.Data.Common;
using Analytics.Application.Tasks;
using Analytics.Infrastructure.Settings;
using Analytics.Infrastructure.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Infrastructure;

/// <summary>The database's driver.</summary>
public static class DependencyInjection
{
    /// <summary>Adds the engine that the settings name.</summary>
    public static IServiceCollection AddDatabase(this IServiceCollection services, DatabaseSettings settings) => settings.Engine switch
    {
        DatabaseEngine.Sqlite => services.AddSqlite(settings),
    };

    private static IServiceCollection AddSqlite(this IServiceCollection services, DatabaseSettings settings)
    {
        var database = new SqliteDatabase(settings.ConnectionString);
        return services
            .AddSingleton<DbDataSource>(database)
            .AddSingleton<ITaskStore>(_ => new SqliteTaskStore(database));
    }
}
