using Analytics.Application.Concurrency;
using Microsoft.Extensions.Configuration;

namespace Analytics.Infrastructure.Configuration;

/// <summary>What one copy of the service asks of the database, where the connection string does not say otherwise.</summary>
public sealed record DatabaseLimits
{
    /// <summary>A writer waits for its turn: its batch is not asked for again by anyone. A request's own limit is its cancellation token.</summary>
    internal const int TurnSeconds = 30;

    /// <summary>For exports, for looks at versions and at whether the database answers: they must not wait for questions, nor the other way round.</summary>
    private const int OtherReaders = 12;

    /// <summary>
    /// What comes while the service holds its breath for a fifth of a second, at a rate that it can bear. With 1,000 a
    /// database that had become slow was still asked for what nobody waited for any more.
    /// </summary>
    private const int WaitingUnset = 256;

    private const int MostPlaces = 1_000;
    private const int MostWaiting = 100_000;
    private const int LongestSeconds = 600;

    /// <summary>
    /// <c>Database:Questions</c> and <c>Database:QuestionsWaiting</c>. Each has a connection: enough for one copy, because the
    /// server's own limit is shared by all copies. On SQLite each holds a thread, and more of them than the machine has
    /// processors only get in each other's way: unset, there are as many, and two on a machine with one.
    /// </summary>
    public ConcurrencyLimit Questions { get; init; } = new(32, WaitingUnset);

    /// <summary>
    /// <c>Database:Writes</c> and <c>Database:WritesWaiting</c>. Writers of one organisation queue for its version anyway. So many
    /// wait out a disk that stalls for a second or two, and are still in time.
    /// </summary>
    public ConcurrencyLimit Writes { get; init; } = new(8, 128);

    /// <summary>The most connections for reading.</summary>
    internal int ReadingConnections => Questions.PermitLimit + DatabaseConcurrencyLimiter.StreamLimit.PermitLimit + DatabaseConcurrencyLimiter.MaxConcurrentWriteLookups + Writes.PermitLimit + OtherReaders;

    /// <summary><c>TimeLimits:ConnectSeconds</c>: a question whose connection takes longer is a 503.</summary>
    public int ConnectSeconds { get; init; } = 2;

    /// <summary><c>TimeLimits:StatementSeconds</c>: a question one of whose statements takes longer is a 503.</summary>
    public int StatementSeconds { get; init; } = 3;

    /// <summary>Reads and checks the settings.</summary>
    public static DatabaseLimits From(DatabaseEngine engine, IConfiguration configuration)
    {
        var unset = engine == DatabaseEngine.Sqlite ? new DatabaseLimits { Questions = new(Math.Max(2, Environment.ProcessorCount), WaitingUnset) } : new DatabaseLimits();
        return new DatabaseLimits
        {
            Questions = new(
                WholeNumber.From(configuration, "Database:Questions", unset.Questions.PermitLimit, least: 1, MostPlaces, "questions"),
                WholeNumber.From(configuration, "Database:QuestionsWaiting", unset.Questions.QueueLimit, least: 0, MostWaiting, "questions")),
            Writes = new(
                WholeNumber.From(configuration, "Database:Writes", unset.Writes.PermitLimit, least: 1, MostPlaces, "writes"),
                WholeNumber.From(configuration, "Database:WritesWaiting", unset.Writes.QueueLimit, least: 0, MostWaiting, "writes")),
            ConnectSeconds = WholeNumber.From(configuration, "TimeLimits:ConnectSeconds", unset.ConnectSeconds, least: 1, LongestSeconds, "seconds"),
            StatementSeconds = WholeNumber.From(configuration, "TimeLimits:StatementSeconds", unset.StatementSeconds, least: 1, LongestSeconds, "seconds"),
        };
    }
}
