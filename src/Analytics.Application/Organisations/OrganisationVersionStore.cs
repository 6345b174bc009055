using Analytics.Application.Storage;

namespace Analytics.Application.Organisations;

/// <summary>The version row of each organisation. Writers lock it, so it also serialises them.</summary>
public static class OrganisationVersionStore
{
    // An older version of the service increments revision but not rollups_revision. The mismatch marks the rollups as stale.
    private const string IncrementSql =
        """
        UPDATE organisation_versions
           SET revision = revision + 1,
               rollups_revision = CASE WHEN rollups_revision = revision THEN revision + 1 ELSE rollups_revision END,
               stamp = @Stamp,
               changed_at = CASE WHEN changed_at > @Now THEN changed_at ELSE @Now END
         WHERE organisation_id = @OrganisationId
        """;

    private const string LockSql = "UPDATE organisation_versions SET revision = revision WHERE organisation_id = @OrganisationId";

    private const string InsertSql =
        """
        INSERT INTO organisation_versions (organisation_id, revision, stamp, changed_at, rollups_revision, rollups_from)
        VALUES (@OrganisationId, 0, @Stamp, @Now, 0, 0)
        """;

    private const string ReadSql =
        "SELECT revision AS Revision, stamp AS Stamp FROM organisation_versions WHERE organisation_id = @OrganisationId";

    // The default version if the organisation does not exist.
    public static async Task<OrganisationVersion> ReadAsync(
        DbConnection connection, long organisationId, CancellationToken cancellationToken)
    {
        var (revision, stamp) = await connection.QuerySingleOrDefaultAsync<(long Revision, string Stamp)>(
            new CommandDefinition(ReadSql, new { OrganisationId = organisationId }, cancellationToken: cancellationToken));
        return new OrganisationVersion(revision, stamp);
    }

    /// <summary>
    /// Runs a write under the organisation's lock, in a transaction whose version is already incremented. The callback commits;
    /// otherwise the transaction is rolled back.
    /// </summary>
    /// <exception cref="OrganisationNotFoundException">The organisation was erased after its id was read.</exception>
    public static Task<T> RunWithNewVersionAsync<T>(
        this WriteTransactionRunner transactions,
        long organisationId,
        TimeProvider clock,
        Func<WriteTransaction, CancellationToken, Task<T>> write,
        CancellationToken cancellationToken) =>
        transactions.RunAsync(
            async (transaction, token) => await TryLockAndIncrementAsync(transaction, organisationId, clock, token)
                ? await write(transaction, token)
                : throw new OrganisationNotFoundException(),
            cancellationToken);

    /// <summary>
    /// Waits for the organisation's other writers and writes the version that this transaction will commit. It is the first
    /// statement of every writing transaction; if nothing changes, the transaction must be rolled back.
    /// </summary>
    /// <returns>Whether the organisation exists.</returns>
    public static async Task<bool> TryLockAndIncrementAsync(
        WriteTransaction transaction, long organisationId, TimeProvider clock, CancellationToken cancellationToken) =>
        IsFound(await transaction.ExecuteAsync(IncrementSql, CreateParameters(organisationId, clock), cancellationToken));

    /// <summary>Waits like a writer, for a transaction that changes no number. Returns whether the organisation exists.</summary>
    public static async Task<bool> TryLockAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken) =>
        IsFound(await transaction.ExecuteAsync(LockSql, new { OrganisationId = organisationId }, cancellationToken));

    public static Task CreateAsync(
        WriteTransaction transaction, long organisationId, TimeProvider clock, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(InsertSql, CreateParameters(organisationId, clock), cancellationToken);

    // A database that is told not to count rows must not make an organisation look erased.
    private static bool IsFound(int updatedRows) => updatedRows switch
    {
        0 => false,
        1 => true,
        _ => throw new InvalidOperationException($"The database reports {updatedRows} updated rows of one organisation."),
    };

    private static object CreateParameters(long organisationId, TimeProvider clock) =>
        new { OrganisationId = organisationId, Stamp = Guid.NewGuid().ToString("N"), Now = Timestamp.Now(clock).UnixMilliseconds };
}
