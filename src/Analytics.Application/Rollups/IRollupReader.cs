using System.Data.Common;
using Analytics.Domain;
using Analytics.Domain.Metrics;

namespace Analytics.Application.Rollups;

/// <summary>How one database engine adds up many stretches of time at once.</summary>
public interface IRollupReader
{
    /// <summary>The sums of every step of every run. A step may come in several parts, or not at all where nothing is counted.</summary>
    Task<IReadOnlyList<RollupSum>> SumAsync(DbConnection connection, RollupQuery query, CancellationToken cancellationToken);

    /// <summary>Lets all statements of a connection see one state, until it is disposed of; absent where the engine does so only with a setting of its own.</summary>
    Task<IAsyncDisposable?> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken);
}

/// <summary>What is to be added up.</summary>
public sealed record RollupQuery
{
    /// <summary>The organisation.</summary>
    public required long OrganisationId { get; init; }

    /// <summary>The product.</summary>
    public required string ProductId { get; init; }

    /// <summary>The runs.</summary>
    public required IReadOnlyList<RollupRange> Ranges { get; init; }

    /// <summary>The agents and the direction; the space is in each run.</summary>
    public required TaskFilter Filter { get; init; }

    /// <summary>Whether each agent and direction is a sum of its own.</summary>
    public required bool ByAgent { get; init; }

    /// <summary>The transaction that asks, if one does.</summary>
    public DbTransaction? Transaction { get; init; }
}

/// <summary>A stretch of time of one granularity, cut into steps.</summary>
/// <param name="SpaceId">The space.</param>
/// <param name="Granularity">The granularity of the rows.</param>
/// <param name="Start">The first instant.</param>
/// <param name="End">The first instant after it.</param>
/// <param name="BucketWidth">The milliseconds of a step; the whole stretch where it is one sum.</param>
public sealed record RollupRange(long SpaceId, Granularity Granularity, Timestamp Start, Timestamp End, long BucketWidth);

/// <summary>One sum, or a part of one.</summary>
/// <param name="RangeIndex">Which run.</param>
/// <param name="BucketIndex">Which of its steps.</param>
/// <param name="Agent">The agent; <c>''</c> where agents are added up together.</param>
/// <param name="Direction">The direction's name; <c>''</c> likewise.</param>
/// <param name="Measures">The measures.</param>
public sealed record RollupSum(int RangeIndex, long BucketIndex, string Agent, string Direction, Measures Measures);
