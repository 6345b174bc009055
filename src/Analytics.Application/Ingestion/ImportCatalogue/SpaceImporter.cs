using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Organisations;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;

namespace Analytics.Application.Ingestion.ImportCatalogue;

/// <summary>
/// A row of the platform's spaces, not yet validated. <c>ParseError</c> is set if the line itself is invalid; <c>Slug</c> is null if
/// the file has none.
/// </summary>
public sealed record SpaceRow(
    long Line,
    string? Id,
    string? OrganisationId,
    string? Name,
    string? Token,
    string? ContentType,
    string? Status,
    string? ParseError = null,
    string? Slug = null);

/// <summary>Inserts and updates spaces. Each organisation is one transaction; cancellation takes effect between two of them.</summary>
public sealed class SpaceImporter(DbDataSource database, WriteTransactionRunner transactions, RollupBackfill backfill, TimeProvider clock)
{
    private const string ReadSql =
        """
        SELECT id AS Id, organisation_id AS OrganisationId, token AS Token, name AS Name, content_type AS ContentType, status AS Status,
               slug AS Slug
          FROM spaces
         WHERE organisation_id = @OrganisationId
        """;

    // Space ids are unique across organisations. This row lock serialises all imports of spaces, so that no concurrent import
    // can use an id between the check and the insert. It is taken after the organisation's own lock.
    private const string LockCatalogueSql = "UPDATE catalogue_lock SET id = id WHERE id = 1";

    private const string OwnerSql = "SELECT organisation_id FROM spaces WHERE id = @Id AND organisation_id <> @OrganisationId";

    private const string InsertSql =
        """
        INSERT INTO spaces (
               organisation_id, id, token, name, slug, content_type, status, normalized_content_type, normalized_status)
        VALUES (@OrganisationId, @Id, @Token, @Name, @Slug, @ContentType, @Status, @NormalizedContentType, @NormalizedStatus)
        """;

    private const string UpdateSql =
        """
        UPDATE spaces
           SET token = @Token, name = @Name, slug = @Slug, content_type = @ContentType, status = @Status,
               normalized_content_type = @NormalizedContentType, normalized_status = @NormalizedStatus
         WHERE organisation_id = @OrganisationId AND id = @Id
        """;

    public async Task<CatalogueCounts> RunAsync(
        IEnumerable<SpaceRow> rows,
        Action<RejectedLine> onRejected,
        Action<long, WriteCounts> onWritten,
        CancellationToken cancellationToken)
    {
        var counts = new CatalogueCounts(onRejected, onWritten);
        var knownOrganisationIds = await OrganisationImporter.ReadIdsAsync(database, cancellationToken);
        var accepted = new List<(SpaceRow Row, StoredSpace Space)>();
        foreach (var row in rows)
        {
            var validator = new FieldValidator(row.ParseError);
            var space = Read(row, validator);
            if (!knownOrganisationIds.Contains(space.OrganisationId))
            {
                validator.Reject("space_organization_id names no known organisation: import the organisation first.");
            }

            if (validator.Error is { } error)
            {
                counts.Reject(row.Line, validator.RecordId, error);
            }
            else
            {
                accepted.Add((row, space));
            }
        }

        foreach (var organisation in accepted.GroupBy(pair => pair.Space.OrganisationId))
        {
            var (results, rebuilds) = await transactions.RunWithNewVersionAsync(
                organisation.Key,
                clock,
                (transaction, token) => WriteAsync(transaction, organisation.Key, organisation, token),
                cancellationToken);
            if (rebuilds)
            {
                await backfill.RunAsync(organisation.Key, cancellationToken);
            }

            foreach (var (row, space, effect, error) in results)
            {
                if (error is null)
                {
                    counts.Add(space.OrganisationId, space.Status, effect);
                }
                else
                {
                    counts.Reject(row.Line, row.Id, error);
                }
            }
        }

        return counts;
    }

    private static StoredSpace Read(SpaceRow row, FieldValidator validator)
    {
        var space = new StoredSpace(
            validator.CaptureId(validator.NumericId("id", row.Id)),
            validator.NumericId("space_organization_id", row.OrganisationId),
            row.Token ?? "",
            validator.Name("name", row.Name),
            validator.OptionalString("content_type", row.ContentType) ?? "",
            validator.OptionalString("status", row.Status) ?? "",
            row.Slug is null ? null : validator.Name("slug", row.Slug));
        if (!SpaceToken.IsValid(space.Token))
        {
            validator.Reject($"token {SpaceToken.ValidationMessage}");
        }

        return space;
    }

    // Also returns whether it started a rebuild of the rollups.
    private static async Task<(List<RowResult> Results, bool Rebuilds)> WriteAsync(
        WriteTransaction transaction,
        long organisationId,
        IEnumerable<(SpaceRow Row, StoredSpace Space)> rows,
        CancellationToken cancellationToken)
    {
        await transaction.ExecuteAsync(LockCatalogueSql, new { }, cancellationToken);
        var stored = (await transaction.QueryAsync<StoredSpace>(ReadSql, new { OrganisationId = organisationId }, cancellationToken))
            .ToDictionary(space => space.Id);
        var tokenOwners = stored.Values.ToDictionary(space => space.Token, space => space.Id, StringComparer.Ordinal);
        var rollupState = await RollupState.ReadAsync(transaction, organisationId, cancellationToken);

        var results = new List<RowResult>();
        foreach (var (row, rowSpace) in rows)
        {
            var before = stored.GetValueOrDefault(rowSpace.Id);
            var space = rowSpace with { Slug = rowSpace.Slug ?? before?.Slug ?? "" };
            var otherOwner = before is null
                ? (await transaction.QueryAsync<long?>(OwnerSql, space, cancellationToken)).FirstOrDefault()
                : null;
            var error = otherOwner is not null
                ? $"id is a space of organisation {otherOwner}: a space stays with its organisation."
                : tokenOwners.TryGetValue(space.Token, out var tokenOwner) && tokenOwner != space.Id
                    ? "token already belongs to another space of the organisation."
                    : null;
            var effect = error is not null || before == space ? WriteEffect.Unchanged
                : before is null ? WriteEffect.Inserted
                : WriteEffect.Updated;
            results.Add(new RowResult(row, space, effect, error));
            if (effect != WriteEffect.Unchanged)
            {
                await transaction.ExecuteAsync(before is null ? InsertSql : UpdateSql, space, cancellationToken);
                tokenOwners.Remove(before?.Token ?? "");
                tokenOwners[space.Token] = space.Id;
                stored[space.Id] = space;
            }
        }

        if (results.TrueForAll(result => result.Effect == WriteEffect.Unchanged))
        {
            return (results, false);
        }

        var inserted = results.Where(result => result.Effect == WriteEffect.Inserted).Select(result => result.Space.Id);
        var rebuilds = await rollupState.StartRebuildIfSpacesChangedAsync(transaction, organisationId, inserted, cancellationToken);
        await transaction.CommitAsync();
        return (results, rebuilds);
    }

    private sealed record RowResult(SpaceRow Row, StoredSpace Space, WriteEffect Effect, string? Error);

    private sealed record StoredSpace(
        long Id, long OrganisationId, string Token, string Name, string ContentType, string Status, string? Slug)
    {
        public string NormalizedContentType => CaseInsensitive.Normalize(ContentType);
        public string NormalizedStatus => CaseInsensitive.Normalize(Status);
    }
}
