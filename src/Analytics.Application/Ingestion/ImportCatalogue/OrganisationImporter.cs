using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;

namespace Analytics.Application.Ingestion.ImportCatalogue;

/// <summary>A row of the platform's organisations, not yet validated. <c>ParseError</c> is set if the line itself is invalid.</summary>
public sealed record OrganisationRow(
    long Line, string? Id, string? Name, string? DomainHandle, string? Status, string? ParseError = null);

/// <summary>Inserts and updates organisations. Each is one transaction; cancellation takes effect between two of them.</summary>
public sealed class OrganisationImporter(WriteTransactionRunner transactions, TimeProvider clock)
{
    private const string ReadSql =
        """
        SELECT id AS Id, handle AS Handle, name AS Name, status AS Status
          FROM organisations
         WHERE id = @Id OR handle = @Handle
        """;

    private const string ReadIdsSql = "SELECT id FROM organisations";

    private const string InsertSql =
        """
        INSERT INTO organisations (id, handle, name, status, normalized_status)
        VALUES (@Id, @Handle, @Name, @Status, @NormalizedStatus)
        """;

    private const string UpdateSql =
        """
        UPDATE organisations
           SET handle = @Handle, name = @Name, status = @Status, normalized_status = @NormalizedStatus
         WHERE id = @Id
        """;

    public async Task<CatalogueCounts> RunAsync(
        IEnumerable<OrganisationRow> rows,
        Action<RejectedLine> onRejected,
        Action<long, WriteCounts> onWritten,
        CancellationToken cancellationToken)
    {
        var counts = new CatalogueCounts(onRejected, onWritten);
        foreach (var row in rows)
        {
            var validator = new FieldValidator(row.ParseError);
            var organisation = Read(row, validator);
            var effect = validator.Error is null
                ? await transactions.RunAsync(
                    (transaction, token) => WriteAsync(transaction, organisation, validator, token), cancellationToken)
                : WriteEffect.Unchanged;
            if (validator.Error is { } error)
            {
                counts.Reject(row.Line, validator.RecordId, error);
            }
            else
            {
                counts.Add(organisation.Id, organisation.Status, effect);
            }
        }

        return counts;
    }

    private static Organisation Read(OrganisationRow row, FieldValidator validator)
    {
        var id = validator.CaptureId(validator.NumericId("id", row.Id));
        if (!Handle.IsValid(row.DomainHandle ?? ""))
        {
            validator.Reject($"domain_handle {Handle.ValidationMessage}");
        }

        return new Organisation(
            id,
            Handle.Normalize(row.DomainHandle ?? ""),
            validator.Name("name", row.Name),
            validator.OptionalString("status", row.Status) ?? "");
    }

    internal static async Task<HashSet<long>> ReadIdsAsync(DbDataSource database, CancellationToken cancellationToken) =>
        [.. await database.QueryAsync<long>(ReadIdsSql, parameters: null, cancellationToken)];

    private async Task<WriteEffect> WriteAsync(
        WriteTransaction transaction, Organisation organisation, FieldValidator validator, CancellationToken cancellationToken)
    {
        var exists = await OrganisationVersionStore.TryLockAndIncrementAsync(transaction, organisation.Id, clock, cancellationToken);
        var stored = (await transaction.QueryAsync<Organisation>(ReadSql, organisation, cancellationToken)).ToList();
        if (stored.Find(other => other.Id != organisation.Id) is { } handleOwner)
        {
            validator.Reject($"domain_handle already belongs to organisation {handleOwner.Id}.");
            return WriteEffect.Unchanged;
        }

        if (!exists)
        {
            await transaction.ExecuteAsync(InsertSql, organisation, cancellationToken);
            await OrganisationVersionStore.CreateAsync(transaction, organisation.Id, clock, cancellationToken);
            await transaction.CommitAsync();
            return WriteEffect.Inserted;
        }

        if (stored[0] == organisation)
        {
            return WriteEffect.Unchanged;
        }

        await transaction.ExecuteAsync(UpdateSql, organisation, cancellationToken);
        await transaction.CommitAsync();
        return WriteEffect.Updated;
    }

    private sealed record Organisation(long Id, string Handle, string Name, string Status)
    {
        public string NormalizedStatus => CaseInsensitive.Normalize(Status);
    }
}
