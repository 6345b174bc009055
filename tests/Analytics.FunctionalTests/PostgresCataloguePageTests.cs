using System.Data.Common;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.ListOrganisations;
using Analytics.Application.Reporting.ListSpaces;
using Analytics.Application.Storage;
using Analytics.Domain;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Postgres;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>
/// A page of spaces and a batch of lookups read about as many rows as they return; a page of organisations reads the memberships of its
/// user.
/// </summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Postgres))]
internal sealed class PostgresCataloguePageTests(DatabaseEngine engine) : AcmeFixture(engine)
{
    private const string RowsReadSql =
        "SELECT COALESCE(SUM(seq_tup_read + idx_tup_fetch), 0)::bigint FROM pg_stat_xact_user_tables WHERE relname = @table";

    private const int SpaceCount = 2_000;
    private const int OrganisationCount = 2_000;
    private const int MembershipsOfUser = 20;
    private const long Limit = 50;

    // The planner may read the first and the last row of an index, several times.
    private const int MaxRowsOfPlanner = 10;

    private const int Colleagues = 100;
    private const int MaxKeys = LookupBatches<MemberKey, ResolvedOrganisation>.MaxKeys;

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        var service = await base.StartServiceAsync();
        await service.AddNamedSpacesAsync(Acme.Id, Enumerable.Range(1_000, SpaceCount).Select(id => ((long)id, $"Space {id}")));

        // Every organisation has a member of its own, and one in 100 the user. The first has many.
        await service.ExecuteAsync(
            """
            INSERT INTO organisations (id, handle, name, status, normalized_status)
            SELECT i, 'org' || i || '.example', '', 'active', 'active' FROM generate_series(1000, 999 + @OrganisationCount) i
            """,
            new { OrganisationCount });
        await service.ExecuteAsync(
            """
            INSERT INTO members (organisation_id, user_id, role)
            SELECT i, 'user' || i, 'viewer' FROM generate_series(1000, 999 + @OrganisationCount) i
             UNION ALL
            SELECT i * 100, 'the user', 'viewer' FROM generate_series(10, 9 + @MembershipsOfUser) i
             UNION ALL
            SELECT 1000, 'colleague' || i, 'viewer' FROM generate_series(1, @Colleagues) i
            """,
            new { OrganisationCount, MembershipsOfUser, Colleagues });
        await service.ExecuteAsync(
            """
            INSERT INTO organisation_versions (organisation_id, revision, stamp, changed_at, rollups_revision, rollups_from)
            SELECT i, 0, '', 0, 0, 0 FROM generate_series(1000, 999 + @OrganisationCount) i
            """,
            new { OrganisationCount });
        await service.ExecuteAsync("ANALYZE spaces; ANALYZE members; ANALYZE organisations; ANALYZE organisation_versions");
        return service;
    }

    [TestCase(""), TestCase("Space 2"), TestCase("Space 2990")]
    public async Task Page_of_spaces_reads_only_its_rows(string name)
    {
        var parameters = new { OrganisationId = Acme.Id, Name = name, Token = "", Limit };

        var (rows, read) = await ReadAsync(ListSpacesSql.SelectPage(SqlDialect.Common), parameters, "spaces");

        Assert.That((rows, read), Is.EqualTo((Math.Min(Limit, name == "Space 2990" ? 10 : Limit), rows)));
    }

    [TestCase(""), TestCase("org2")]
    public async Task Page_of_organisations_reads_only_the_memberships_of_the_user(string after)
    {
        var parameters = new { UserId = "the user", StatusNames.Active, After = after, Limit };

        var (rows, read) = await ReadAsync(ListOrganisationsSql.SelectPage(SqlDialect.Common), parameters, "members");

        Assert.That(rows, Is.EqualTo(after.Length == 0 ? MembershipsOfUser : 10));
        Assert.That(read, Is.InRange(MembershipsOfUser, MembershipsOfUser + 2), "The planner may read the first and the last member.");
    }

    [TestCase("members"), TestCase("organisations"), TestCase("organisation_versions")]
    public async Task Batch_of_lookups_reads_only_the_rows_of_its_keys(string table)
    {
        long[] ids = [.. Enumerable.Range(1_000, MaxKeys)];
        var handles = ids.Select(id => $"org{id}.example").ToArray();
        var parameters = new
        {
            OrganisationIds = ids, Handles = handles, UserIds = ids.Select(id => $"user{id}").ToArray(), StatusNames.Active,
        };

        await AssertReadsOnlyItsRowsAsync(PostgresOrganisationReader.SelectForMembers, parameters, table);
        if (table == "organisations")
        {
            await AssertReadsOnlyItsRowsAsync(PostgresOrganisationReader.SelectIds, new { Handles = handles }, table);
        }
    }

    private async Task AssertReadsOnlyItsRowsAsync(string statement, object parameters, string table)
    {
        var (rows, read) = await ReadAsync(statement, parameters, table);

        Assert.That(rows, Is.EqualTo(MaxKeys));
        Assert.That(read, Is.InRange(MaxKeys, MaxKeys + MaxRowsOfPlanner));
    }

    private async Task<(long Rows, long Read)> ReadAsync(string statement, object parameters, string table)
    {
        await using var connection = await Service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var before = await connection.ExecuteScalarAsync<long>(RowsReadSql, new { table });
        var rows = (await connection.QueryAsync(statement, parameters)).AsList();
        return (rows.Count, await connection.ExecuteScalarAsync<long>(RowsReadSql, new { table }) - before);
    }
}
