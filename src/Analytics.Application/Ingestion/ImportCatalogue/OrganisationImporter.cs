using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;
using Analytics.Domain;
using Analytics.Domain.Organisations;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Ingestion.ImportCatalogue;

/// <summary>A row of the platform's organisations, as given.</summary>
public sealed record OrganisationRow(long Line, string? Id, string? Name, string? DomainHandle, string? Status)
{
    /// <summary>What is wrong with the line as a whole, if anything.</summary>
    public string? Damage { get; init; }
}

/// <summary>Inserts and updates organisations, each in a transaction of its own. A change shows in the very next answer.</summary>
public sealed class OrganisationImporter(WriteTransactions transactions, TimeProvider clock)
{
    private const string ReadSql =
        """
        SELECT id AS Id, handle AS Handle, name AS Name, status AS Status
          FROM organisations
         WHERE id = @Id OR handle = @Handle
        """;

    private const string InsertSql =
        "INSERT INTO organisations (id, handle, name, status) VALUES (@Id, @Handle, @Name, @Status)";

    private const string UpdateSql =
        "UPDATE organisations SET handle = @Handle, name = @Name, status = @Status WHERE id = @Id";

    /// <summary>Imports every row that breaks no rule.</summary>
    /// <param name="rows">The file.</param>
    /// <param name="onRejected">Told of every row that breaks a rule.</param>
    /// <param name="onWritten">Told of what became of each organisation, once that is committed.</param>
    /// <param name="cancellationToken">Ends the import between two organisations.</param>
    public async Task<CatalogueCounts> RunAsync(
        IEnumerable<OrganisationRow> rows, Action<RejectedLine> onRejected, Action<long, WriteCounts> onWritten, CancellationToken cancellationToken)
    {
        var counts = new CatalogueCounts(onRejected);
        foreach (var row in rows)
        {
            var rules = new FieldRules(row.Damage);
            var organisation = Read(row, rules);
            var effect = rules.Reason is null
                ? await transactions.RunAsync((transaction, token) => WriteAsync(transaction, organisation, rules, token), cancellationToken)
                : Effect.Unchanged;
            if (rules.Reason is { } broken)
            {
                counts.Reject(row.Line, rules.ShownId, broken);
            }
            else
            {
                counts.Did(effect, organisation.Status);
                onWritten(organisation.Id, WriteCounts.Of([effect], 1));
            }
        }

        return counts;
    }

    private static Organisation Read(OrganisationRow row, FieldRules rules)
    {
        var id = rules.Shown(rules.NumericId("id", row.Id));
        if (!Handle.IsValid(row.DomainHandle ?? ""))
        {
            rules.Reject($"domain_handle {Handle.Rule}");
        }

        return new Organisation
        {
            Id = id,
            Handle = Handle.Normalised(row.DomainHandle ?? ""),
            Name = rules.Name("name", row.Name),
            Status = rules.Word("status", row.Status) ?? "",
        };
    }

    private async Task<Effect> WriteAsync(WriteTransaction transaction, Organisation organisation, FieldRules rules, CancellationToken cancellationToken)
    {
        var isThere = await OrganisationVersionStore.TryLockAndIncrementAsync(transaction, organisation.Id, clock, cancellationToken);
        var stored = (await transaction.QueryAsync<Organisation>(ReadSql, organisation, cancellationToken)).ToList();
        if (stored.Find(other => other.Id != organisation.Id) is { } holder)
        {
            rules.Reject($"domain_handle already belongs to organisation {holder.Id}.");
            return Effect.Unchanged;
        }

        if (!isThere)
        {
            await transaction.ExecuteAsync(InsertSql, organisation, cancellationToken);
            await OrganisationVersionStore.CreateAsync(transaction, organisation.Id, clock, cancellationToken);
            await transaction.CommitAsync();
            return Effect.Inserted;
        }

        if (stored[0] == organisation)
        {
            return Effect.Unchanged;
        }

        await transaction.ExecuteAsync(UpdateSql, organisation, cancellationToken);
        await transaction.CommitAsync();
        return Effect.Updated;
    }

    private sealed record Organisation
    {
        public long Id { get; init; }

        public string Handle { get; init; } = "";

        public string Name { get; init; } = "";

        public string Status { get; init; } = "";
    }
}
