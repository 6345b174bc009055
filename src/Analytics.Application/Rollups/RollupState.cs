using Analytics.Application.Organisations;
using Analytics.Application.Storage;

namespace Analytics.Application.Rollups;

/// <summary>
/// How far an organisation's rollups are complete, and which spaces they count. They contain every task that was created at
/// <c>From</c> or later; a rebuild moves this watermark back in time.
/// </summary>
/// <param name="IsStale">
/// An older version of the service increments <c>revision</c> but not <c>rollups_revision</c>: a rebuild has to start again.
/// </param>
internal sealed record RollupState(bool IsStale, Timestamp From, IReadOnlySet<long> CountedSpaceIds)
{
    /// <summary>The watermark of complete rollups: no task is older than 1970.</summary>
    public static readonly Timestamp Complete = new(0);

    /// <summary>The watermark at the start of a rebuild; the table may still contain the former rollups.</summary>
    public static readonly Timestamp Nothing = new(long.MaxValue);

    /// <summary>The watermark in SQL. The alias of <c>organisation_versions</c> is <c>v</c>.</summary>
    public const string Watermark =
        "CAST(CASE WHEN v.rollups_revision = v.revision THEN v.rollups_from ELSE 9223372036854775807 END AS BIGINT)";

    private const string ReadSql =
        $"""
        SELECT CAST(CASE WHEN v.rollups_revision = v.revision THEN 0 ELSE 1 END AS BIGINT) AS IsStale,
               {Watermark} AS RollupsFrom,
               s.id AS SpaceId
          FROM organisation_versions v
          LEFT JOIN spaces s
            ON s.organisation_id = v.organisation_id
           AND {CountedSpaces.Predicate}
         WHERE v.organisation_id = @OrganisationId
        """;

    private const string StartRebuildSql =
        "UPDATE organisation_versions SET rollups_revision = revision, rollups_from = @From WHERE organisation_id = @OrganisationId";

    private const string MoveSql = "UPDATE organisation_versions SET rollups_from = @From WHERE organisation_id = @OrganisationId";

    public bool IsComplete => From == Complete;

    public static Task<RollupState> ReadAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken) =>
        ReadAsync(transaction.Connection, transaction.Transaction, organisationId, cancellationToken);

    /// <exception cref="OrganisationNotFoundException">The organisation was erased after its id was read.</exception>
    public static async Task<RollupState> ReadAsync(
        DbConnection connection, DbTransaction? transaction, long organisationId, CancellationToken cancellationToken)
    {
        var parameters = new { OrganisationId = organisationId, ContentTypes.Contact, StatusNames.Active };
        var rows = (await connection.QueryAsync<(long IsStale, long From, long? SpaceId)>(new CommandDefinition(
            ReadSql, parameters, transaction, WriteTransaction.CommandTimeoutSeconds, cancellationToken: cancellationToken))).AsList();
        return rows.Count == 0
            ? throw new OrganisationNotFoundException()
            : new RollupState(
                rows[0].IsStale == 1, new Timestamp(rows[0].From), rows.Select(row => row.SpaceId).OfType<long>().ToHashSet());
    }

    /// <summary>Whether rollups with this watermark contain all tasks of the range.</summary>
    public static bool Contain(Timestamp watermark, TimeRange range) => watermark == Complete || range.From >= watermark;

    /// <summary>The transaction must have incremented the version, so that no response of the former rollups outlives them.</summary>
    public static Task StartRebuildAsync(WriteTransaction transaction, long organisationId, CancellationToken cancellationToken) =>
        ExecuteAsync(transaction, StartRebuildSql, organisationId, Nothing, cancellationToken);

    public static Task MoveAsync(WriteTransaction transaction, long organisationId, Timestamp from, CancellationToken cancellationToken) =>
        ExecuteAsync(transaction, MoveSql, organisationId, from, cancellationToken);

    /// <summary>
    /// Starts a rebuild if the transaction has changed which spaces count, because the rollups of all spaces are then wrong.
    /// New spaces have no rollups yet. Returns whether it did.
    /// </summary>
    public async Task<bool> StartRebuildIfSpacesChangedAsync(
        WriteTransaction transaction, long organisationId, IEnumerable<long> newSpaceIds, CancellationToken cancellationToken)
    {
        var currentSpaceIds = (await ReadAsync(transaction, organisationId, cancellationToken)).CountedSpaceIds;
        if (IsStale || CountedSpaceIds.SetEquals(currentSpaceIds.Except(newSpaceIds)))
        {
            return false;
        }

        await StartRebuildAsync(transaction, organisationId, cancellationToken);
        return true;
    }

    private static Task<int> ExecuteAsync(
        WriteTransaction transaction, string sql, long organisationId, Timestamp from, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(sql, new { OrganisationId = organisationId, From = from.UnixMilliseconds }, cancellationToken);
}
