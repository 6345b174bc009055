using System.Data.Common;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Organisations;
using Analytics.Application.Rollups;
using Analytics.Application.Storage;
using Analytics.Domain;
using Analytics.Domain.Organisations;
using Analytics.Domain.Tasks;
using Dapper;

namespace Analytics.Application.Ingestion.ImportCatalogue;

/// <summary>A row of the platform's spaces, as given.</summary>
public sealed record SpaceRow(long Line, string? Id, string? OrganisationId, string? Name, string? Token, string? ContentType, string? Status)
{
    /// <summary>What is wrong with the line as a whole, if anything.</summary>
    public string? ParseError { get; init; }
}

/// <summary>
/// Inserts and updates spaces, those of one organisation in one transaction. A change shows in the very next answer.
/// </summary>
public sealed class SpaceImporter(DbDataSource database, WriteTransactionRunner transactions, TimeProvider clock)
{
    private const string ReadOrganisationsSql = "SELECT id FROM organisations";

    private const string ReadSql =
        """
        SELECT organisation_id AS OrganisationId, id AS Id, token AS Token, name AS Name, content_type AS ContentType, status AS Status
          FROM spaces
         WHERE organisation_id = @OrganisationId
        """;

    /// <summary>Imports of spaces queue here, each with its organisation's lock in hand, so that what is read next stays true.</summary>
    private const string LockCatalogueSql = "UPDATE organisations SET name = name WHERE id = (SELECT MIN(id) FROM organisations)";

    private const string ForeignSql = "SELECT id AS Id, organisation_id AS OrganisationId FROM spaces WHERE organisation_id <> @OrganisationId";

    private const string InsertSql =
        """
        INSERT INTO spaces (organisation_id, id, token, name, content_type, status)
        VALUES (@OrganisationId, @Id, @Token, @Name, @ContentType, @Status)
        """;

    private const string UpdateSql =
        """
        UPDATE spaces
           SET token = @Token, name = @Name, content_type = @ContentType, status = @Status
         WHERE organisation_id = @OrganisationId AND id = @Id
        """;

    /// <summary>Imports every row that breaks no rule.</summary>
    /// <param name="rows">The file.</param>
    /// <param name="onRejected">Told of every row that breaks a rule.</param>
    /// <param name="onWritten">Told of what became of each organisation's spaces, once that is committed.</param>
    /// <param name="cancellationToken">Ends the import between two organisations.</param>
    public async Task<CatalogueCounts> RunAsync(
        IEnumerable<SpaceRow> rows, Action<RejectedLine> onRejected, Action<long, WriteCounts> onWritten, CancellationToken cancellationToken)
    {
        var counts = new CatalogueCounts(onRejected);
        var known = await ReadOrganisationsAsync(cancellationToken);
        var accepted = new List<(SpaceRow Row, StoredSpace Space)>();
        foreach (var row in rows)
        {
            var rules = new FieldValidator(row.ParseError);
            var space = Read(row, rules);
            if (!known.Contains(space.OrganisationId))
            {
                rules.Reject("space_organization_id names no known organisation: import the organisation first.");
            }

            if (rules.Error is { } broken)
            {
                counts.Reject(row.Line, rules.RecordId, broken);
            }
            else
            {
                accepted.Add((row, space));
            }
        }

        foreach (var organisation in accepted.GroupBy(pair => pair.Space.OrganisationId))
        {
            var verdicts = await transactions.RunAsync((transaction, token) => WriteAsync(transaction, organisation.Key, organisation, token), cancellationToken);
            foreach (var (row, space, effect, broken) in verdicts)
            {
                if (broken is null)
                {
                    counts.Count(effect, space.Status);
                }
                else
                {
                    counts.Reject(row.Line, row.Id, broken);
                }
            }

            var effects = verdicts.Where(verdict => verdict.Broken is null).Select(verdict => verdict.Effect).ToList();
            onWritten(organisation.Key, WriteCounts.From(effects, effects.Count));
        }

        return counts;
    }

    private static StoredSpace Read(SpaceRow row, FieldValidator rules)
    {
        var space = new StoredSpace
        {
            Id = rules.CaptureId(rules.NumericId("id", row.Id)),
            OrganisationId = rules.NumericId("space_organization_id", row.OrganisationId),
            Token = row.Token ?? "",
            Name = rules.Name("name", row.Name),
            ContentType = rules.OptionalString("content_type", row.ContentType) ?? "",
            Status = rules.OptionalString("status", row.Status) ?? "",
        };

        if (!SpaceToken.IsValid(space.Token))
        {
            rules.Reject($"token {SpaceToken.ValidationMessage}");
        }

        return space;
    }

    private async Task<HashSet<long>> ReadOrganisationsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<long>(new CommandDefinition(ReadOrganisationsSql, cancellationToken: cancellationToken))).ToHashSet();
    }

    /// <summary>What became of each row.</summary>
    private async Task<List<Verdict>> WriteAsync(
        WriteTransaction transaction, long organisationId, IEnumerable<(SpaceRow Row, StoredSpace Space)> rows, CancellationToken cancellationToken)
    {
        await OrganisationVersionStore.LockAndIncrementAsync(transaction, organisationId, clock, cancellationToken);
        await transaction.ExecuteAsync(LockCatalogueSql, new { }, cancellationToken);
        var foreign = (await transaction.QueryAsync<Space>(ForeignSql, new { OrganisationId = organisationId }, cancellationToken))
            .ToDictionary(space => space.Id, space => space.OrganisationId);
        var stored = (await transaction.QueryAsync<StoredSpace>(ReadSql, new { OrganisationId = organisationId }, cancellationToken))
            .ToDictionary(space => space.Id);
        var holders = stored.Values.ToDictionary(space => space.Token, space => space.Id, StringComparer.Ordinal);

        var periods = await RollupState.ReadAsync(transaction, organisationId, cancellationToken);

        var verdicts = new List<Verdict>();
        foreach (var (row, space) in rows)
        {
            if (foreign.TryGetValue(space.Id, out var owner))
            {
                verdicts.Add(new Verdict(row, space, WriteEffect.Unchanged, $"id is a space of organisation {owner}: a space stays with its organisation."));
                continue;
            }

            if (holders.TryGetValue(space.Token, out var holder) && holder != space.Id)
            {
                verdicts.Add(new Verdict(row, space, WriteEffect.Unchanged, "token already belongs to another space of the organisation."));
                continue;
            }

            var before = stored.GetValueOrDefault(space.Id);
            var effect = before is null ? WriteEffect.Inserted : before == space ? WriteEffect.Unchanged : WriteEffect.Updated;
            verdicts.Add(new Verdict(row, space, effect, Broken: null));
            if (effect != WriteEffect.Unchanged)
            {
                await transaction.ExecuteAsync(before is null ? InsertSql : UpdateSql, space, cancellationToken);
                holders.Remove(before?.Token ?? "");
                holders[space.Token] = space.Id;
                stored[space.Id] = space;
            }
        }

        if (verdicts.Exists(verdict => verdict.Effect != WriteEffect.Unchanged))
        {
            var inserted = verdicts.Where(verdict => verdict.Effect == WriteEffect.Inserted).Select(verdict => verdict.Space.Id);
            await periods.UpdateAllSpacesAsync(transaction, organisationId, inserted, cancellationToken);
            await transaction.CommitAsync();
        }

        return verdicts;
    }

    private sealed record Verdict(SpaceRow Row, StoredSpace Space, WriteEffect Effect, string? Broken);

    private sealed record StoredSpace
    {
        public long OrganisationId { get; init; }

        public long Id { get; init; }

        public string Token { get; init; } = "";

        public string Name { get; init; } = "";

        public string ContentType { get; init; } = "";

        public string Status { get; init; } = "";
    }
}
