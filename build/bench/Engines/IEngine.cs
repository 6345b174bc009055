using Analytics.Application.Storage;
using Analytics.Infrastructure.Configuration;

namespace Analytics.Bench.Engines;

/// <summary>What the bench must know of a database engine.</summary>
internal interface IEngine
{
    DatabaseEngine Kind { get; }

    /// <summary>The least share of the yardstick's requests a second with the answer cache, where there is a bar.</summary>
    double? LeastWithCache { get; }

    /// <summary>The same without the answer cache.</summary>
    double? LeastWithoutCache { get; }

    /// <summary>What an engine does by itself some time after many writes. Here it does it before anything is measured.</summary>
    string Settle { get; }

    /// <summary>Makes <c>plain_tasks</c>: the columns and the primary key of <c>tasks</c>.</summary>
    string CreatePlainTasks { get; }

    /// <summary>A new and empty database.</summary>
    Task<NewDatabase> CreateDatabaseAsync(CancellationToken cancellationToken);

    /// <summary>How one of many services asks a database: they share the connections that a server has.</summary>
    DatabaseSettings ForOneOfMany(DatabaseSettings database);

    /// <summary>The plainest fast way of inserting these rows into <c>plain_tasks</c>, ready to run.</summary>
    PlainInsert PlainInsert(long organisationId, IReadOnlyList<StoredTaskRow> rows);
}

/// <summary>A database that was just created, and how to remove it.</summary>
internal sealed record NewDatabase(DatabaseSettings Settings, Func<Task> DropAsync);

/// <summary>Inserts rows that were made ready before.</summary>
internal delegate Task PlainInsert(WriteTransaction transaction, CancellationToken cancellationToken);
