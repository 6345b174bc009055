using Analytics.Application.Storage;
using Analytics.Infrastructure.Configuration;

namespace Analytics.Bench.Engines;

internal interface IEngine
{
    DatabaseEngine Kind { get; }

    // The target for the share of the baseline's requests/s with the response cache; null if there is none.
    double? MinShareWithCache { get; }

    // The same with the access log.
    double MinShareWithAccessLog { get; }

    double? MinShareWithoutCache { get; }

    // Maintenance that the engine would otherwise start by itself during the measurement.
    string AfterLoadSql { get; }

    // Creates plain_tasks with the columns and the primary key of tasks.
    string CreatePlainTasks { get; }

    Task<NewDatabase> CreateDatabaseAsync(CancellationToken cancellationToken);

    // Several services share the maximum connections of one database server.
    DatabaseSettings LimitConnections(DatabaseSettings database);

    // The simplest fast insert of these rows into plain_tasks, prepared before the time is measured.
    PlainInsert PlainInsert(long organisationId, IReadOnlyList<StoredTaskRow> rows);
}

internal sealed record NewDatabase(DatabaseSettings Settings, Func<Task> DropAsync);

internal delegate Task PlainInsert(WriteTransaction transaction, CancellationToken cancellationToken);
