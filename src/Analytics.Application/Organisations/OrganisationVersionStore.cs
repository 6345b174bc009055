using System.Data.Common;
using Analytics.Application.Storage;
using Analytics.Domain;
using Dapper;

namespace Analytics.Application.Organisations;

/// <summary>The row of each organisation that queues its writers and names its state.</summary>
public static class OrganisationVersionStore
{
    private const string IncrementSql =
        """
        UPDATE organisation_versions
           SET revision = revision + 1,
               rollups_revision = CASE WHEN rollups_revision = revision THEN revision + 1 ELSE rollups_revision END,
               stamp = @Stamp,
               changed_at = CASE WHEN changed_at > @Now THEN changed_at ELSE @Now END
         WHERE organisation_id = @OrganisationId
        """;

    private const string InsertSql =
        """
        INSERT INTO organisation_versions (organisation_id, revision, stamp, changed_at, rollups_revision)
        VALUES (@OrganisationId, 0, @Stamp, @Now, 0)
        """;

    private const string ReadSql = "SELECT revision AS Revision, stamp AS Stamp FROM organisation_versions WHERE organisation_id = @OrganisationId";

    /// <summary>The version as it is now; that of nothing where the organisation is gone.</summary>
    public static async Task<OrganisationVersion> ReadAsync(DbConnection connection, long organisationId, CancellationToken cancellationToken)
    {
        var (revision, stamp) = await connection.QuerySingleOrDefaultAsync<(long Revision, string Stamp)>(
            new CommandDefinition(ReadSql, new { OrganisationId = organisationId }, cancellationToken: cancellationToken));
        return new OrganisationVersion(revision, stamp);
    }

    /// <summary>
    /// Waits for the organisation's other writers and names the state that this transaction will leave behind.
    /// It is every writing transaction's first statement; if nothing changes, the transaction must not be committed.
    /// </summary>
    /// <exception cref="OrganisationNotFoundException">It was erased since its id was read.</exception>
    public static async Task LockAndIncrementAsync(WriteTransaction transaction, long organisationId, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!await TryLockAndIncrementAsync(transaction, organisationId, clock, cancellationToken))
        {
            throw new OrganisationNotFoundException();
        }
    }

    /// <summary>The same for an organisation that may not be there yet.</summary>
    /// <returns>Whether it is there.</returns>
    public static async Task<bool> TryLockAndIncrementAsync(WriteTransaction transaction, long organisationId, TimeProvider clock, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(IncrementSql, CreateParameters(organisationId, clock), cancellationToken) == 1;

    /// <summary>Gives a new organisation its version row.</summary>
    public static Task CreateAsync(WriteTransaction transaction, long organisationId, TimeProvider clock, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(InsertSql, CreateParameters(organisationId, clock), cancellationToken);

    private static object CreateParameters(long organisationId, TimeProvider clock) =>
        new { OrganisationId = organisationId, Stamp = Guid.NewGuid().ToString("N"), Now = Timestamp.Now(clock).UnixMilliseconds };
}
