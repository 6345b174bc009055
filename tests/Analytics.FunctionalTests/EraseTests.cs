using System.Data.Common;
using Analytics.Application.Administration;
using Analytics.Application.Organisations;
using Analytics.Application.Storage;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>Erasing an organisation leaves none of its rows and removes no others; a new one may reuse its handle.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class EraseTests(DatabaseEngine engine)
{
    private const long OtherId = 2;

    private AnalyticsService _service = null!;
    private CommandLine _commandLine = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _service = await Acme.StartServiceAsync(engine);
        _commandLine = new CommandLine(_service.Database);
        await _service.AddSalesTasksAsync(
            new NativeTask("gone") { UpdatedAt = "2024-01-01T00:00:00Z" }, new NativeTask("gone") { Deleted = true });
        await _service.AddOrganisationAsync(OtherId, "other.example");
        await _service.AddMemberAsync(OtherId, Acme.MemberUserId);
        await _service.AddSpaceAsync(OtherId, 21, Acme.SalesToken);
        await _service.ImportTasksAsync(
            OtherId, [new NativeTask("first").ToLine(), new NativeTask("gone") { Deleted = true }.ToLine()], (21, Acme.SalesToken));
    }

    [TearDown]
    public async Task StopAsync() => await _service.DisposeAsync();

    [Test]
    public async Task Erase_without_yes_only_previews()
    {
        var before = await ReadStoredRowsAsync(Acme.Id);

        var output = await EraseAsync();

        Assert.That(output.ExitCode, Is.EqualTo(1));
        Assert.That(output.StandardError
            .Trim(), Does.EndWith(
                "acme.example would be erased permanently: tasks 1, deleted tasks 1, spaces 1, members 2. Nothing is changed; pass --yes to erase it."));
        Assert.That(await ReadStoredRowsAsync(Acme.Id), Is.EqualTo(before).And.Count.EqualTo(7).And.All.Not.Empty);
    }

    [Test]
    public async Task Erase_removes_all_rows_of_the_organisation_and_none_of_others()
    {
        var others = await ReadStoredRowsAsync(OtherId);

        var output = await EraseAsync("--yes");

        Assert.That((output.ExitCode, output.StandardOutput.Trim()),
            Is.EqualTo((0, "acme.example: erased, tasks 1, deleted tasks 1, spaces 1, members 2")), output.StandardError);
        Assert.That((await ReadStoredRowsAsync(Acme.Id)).SelectMany(table => table), Is.Empty);
        Assert.That(await ReadStoredRowsAsync(OtherId), Is.EqualTo(others).And.All.Not.Empty);
        Assert.That((await _service.SendAsync()).Status, Is.EqualTo(404));
        Assert.That((await EraseAsync("--yes")).StandardError, Does.Contain("--organisation names no known organisation"));
    }

    [TestCase("members", new[] { 7, 5, 3, 1, 0 }), TestCase("spaces", new[] { 6, 4, 2, 0 })]
    public async Task Members_and_spaces_are_deleted_in_batches(string table, int[] remainingRows)
    {
        foreach (var number in Enumerable.Range(1, 5))
        {
            await _service.AddMemberAsync(Acme.Id, $"member {number}");
            await _service.AddSpaceAsync(Acme.Id, 100 + number, $"TOKEN{number}");
        }

        var remaining = new List<long>();
        var store = new InterceptedStore(
            _service.Services.GetRequiredService<ITaskStore>(), async () => remaining.Add(await CountRowsAsync(table)))
        {
            BatchSize = 2,
        };
        await new EraseOrganisation(
            _service.Services.GetRequiredService<DbDataSource>(),
            new WriteTransactionRunner(store, TimeProvider.System),
            store,
            _service.Services.GetRequiredService<SqlDialect>(),
            _service.Services.GetRequiredService<ManageOrganisations>(),
            _service.Services.GetRequiredService<PurgeTasks>(),
            TimeProvider.System).RunAsync(Acme.Id, CancellationToken.None);

        Assert.That(remaining.Distinct(), Is.EqualTo(remainingRows));
        Assert.That((await ReadStoredRowsAsync(Acme.Id)).SelectMany(table => table), Is.Empty);
    }

    [Test]
    public async Task Write_after_erase_throws_organisation_not_found()
    {
        await EraseAsync("--yes");

        Assert.That(() => _service.AddSalesTasksAsync(new NativeTask("late")), Throws.TypeOf<OrganisationNotFoundException>());
        Assert.That((await ReadStoredRowsAsync(Acme.Id)).SelectMany(table => table), Is.Empty);
    }

    [Test]
    public async Task Recreated_organisation_starts_empty_with_new_ETags()
    {
        var etags = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var tasks in new[] { 1, 0, 0 })
        {
            var reply = await _service.SendAsync();
            Assert.That(ResponseRows.GetTotalTasks(reply), Is.EqualTo(tasks));
            Assert.That(etags.Add(reply["ETag"]), Is.True);

            await EraseAsync("--yes");
            await _service.AddOrganisationAsync(Acme.Id, Acme.Handle);
            await _service.AddMemberAsync(Acme.Id, Acme.MemberUserId);
            await _service.AddSpaceAsync(Acme.Id, Acme.SalesSpaceId, Acme.SalesToken);
        }

        await _service.AddSalesTasksAsync(new NativeTask("gone") { UpdatedAt = "2023-01-01T00:00:00Z" });
        Assert.That(ResponseRows.GetTotalTasks(await _service.SendAsync()), Is.EqualTo(1));
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Killed_erase_exposes_no_partial_organisation_and_completes_when_run_again(CancellationToken cancellationToken)
    {
        var begin = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var batchSize = _service.Services.GetRequiredService<ITaskStore>().BatchSize;
        var taskCount = Math.Max(12_000, batchSize * 5 / 2);
        await _service.AddSalesTasksAsync(Enumerable.Range(0, taskCount)
            .Select(i => new NativeTask($"t{i}") { CreatedAt = $"{begin.AddMinutes(15 * (i % TestDepth.Select(1_000, 8_000))):O}" }));
        using (var killed = _commandLine.Start(["organisations", "erase", "--organisation", Acme.Handle, "--yes"]))
        {
            while (await CountLiveTasksAsync() > taskCount - batchSize + 1)
            {
                Assert.That(killed.HasExited, Is.False);
                cancellationToken.ThrowIfCancellationRequested();
            }

            Assert.That((await _service.SendAsync()).Status, Is.EqualTo(404));
            killed.Kill();
            await killed.WaitForExitAsync(cancellationToken);
        }

        Assert.That(await _service.VerifyAsync(), Is.Not.Empty.And.All.Property("IsClean").True);
        var output = await EraseAsync("--yes");
        Assert.That(output.ExitCode, Is.Zero, output.StandardError);
        Assert.That((await ReadStoredRowsAsync(Acme.Id)).SelectMany(table => table), Is.Empty);
    }

    private Task<CommandResult> EraseAsync(params string[] options) =>
        _commandLine.RunAsync(["organisations", "erase", "--organisation", Acme.Handle, .. options]);

    private Task<long> CountLiveTasksAsync() =>
        CountAsync("SELECT COUNT(*) FROM tasks WHERE organisation_id = 1 AND created_at IS NOT NULL");

    private Task<long> CountRowsAsync(string table) => CountAsync($"SELECT COUNT(*) FROM {table} WHERE organisation_id = 1");

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = await _service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    // The organisation's rows in each table, including tables added later.
    private async Task<List<List<string>>> ReadStoredRowsAsync(long organisationId)
    {
        await using var connection = await _service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        var columns = (await connection.QueryAsync<(string Table, string Column)>(ColumnsSql)).ToList();
        var stored = new List<List<string>>();
        foreach (var (table, column) in columns.Where(column => column.Column == "organisation_id").Append(("organisations", "id")))
        {
            var rows = await connection.QueryAsync($"SELECT * FROM {table} WHERE {column} = {organisationId}");
            stored.Add([.. rows.Select(row => string.Join('|', (IDictionary<string, object>)row)).Order(StringComparer.Ordinal)]);
        }

        return stored;
    }

    private string ColumnsSql => engine == DatabaseEngine.Sqlite
        ? "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name"
        : "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema IN ('public', 'dbo') ORDER BY table_name";
}
