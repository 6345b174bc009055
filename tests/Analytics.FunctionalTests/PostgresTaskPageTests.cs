using System.Data.Common;
using Analytics.Application.Reporting;
using Analytics.Application.Reporting.ListTasks;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Application.Storage;
using Analytics.Domain.Organisations;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>
/// PostgreSQL chooses plans by its statistics of the tasks. With any statistics, a page reads about as many rows as it returns.
/// </summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Postgres))]
internal sealed class PostgresTaskPageTests(DatabaseEngine engine) : AcmeFixture(engine)
{
    // Not only of the transaction: of everything that has not been reported yet.
    private const string RowsReadSql = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'tasks'";

    private const int TaskCount = 4_000;
    private const int DaysPerMonth = 28;
    private const int Limit = 50;

    // One task in four matches any of these.
    private const int MaxTasksRead = Limit * 6;

    protected override async Task<AnalyticsService> StartServiceAsync()
    {
        var service = await base.StartServiceAsync();
        await service.AddSalesTasksAsync(Enumerable.Range(0, TaskCount).Select(number => (Number: number, Kind: number / DaysPerMonth % 4))
            .Select(task => new NativeTask($"t{task.Number}")
        {
            CreatedAt = $"2024-01-{1 + (task.Number % DaysPerMonth):00}T{task.Number % 24:00}:{task.Number % 60:00}:00Z",
            Agent = $"agent {task.Kind}",
            RunId = $"run {task.Kind}",
            Direction = task.Kind == 0 ? "inbound" : "outbound",
            Outcome = task.Kind == 1 ? "Interested" : "Not Connected",
            Status = task.Kind == 2 ? "in_progress" : "completed",
            ExecutionType = task.Kind == 3 ? "email" : "call",
        }));
        await service.ExecuteAsync("ANALYZE tasks");
        return service;
    }

    [TestCase("")]
    [TestCase("run_id=run 1")]
    [TestCase("agent=agent 1")]
    [TestCase("outcome=interested")]
    [TestCase("status=in_progress")]
    [TestCase("space_token=SALES")]
    [TestCase("agent=agent 1&space_token=SALES")]
    [TestCase("outcome=not_connected&space_token=SALES")]
    [TestCase("direction=inbound")]
    [TestCase("execution_type=email")]
    [TestCase("start_date=2024-01-02&end_date=2024-01-27")]
    public async Task Task_page_reads_at_most_six_times_its_limit(string query)
    {
        var (rowCount, tasksRead) = await ReadPageAsync(query, maxExamined: ExaminationLimit.Default.MaxTasks);

        Assert.That(rowCount, Is.EqualTo(Limit));
        Assert.That(tasksRead, Is.InRange(Limit, MaxTasksRead));
    }

    [TestCase("execution_type=fax")]
    [TestCase("agent=agent 1&status=unknown&execution_type=fax")]
    [TestCase("agent=agent 1&agent=agent 2&direction=inbound&status=unknown")]
    [TestCase("space_token=SALES&execution_type=fax")]
    public async Task Task_page_reads_at_most_the_examined_tasks(string query)
    {
        var (rowCount, tasksRead) = await ReadPageAsync(query, maxExamined: 300);

        Assert.That(rowCount, Is.EqualTo(1), "The row of the version.");
        Assert.That(tasksRead, Is.AtMost(300));
    }

    private async Task<(int RowCount, long TasksRead)> ReadPageAsync(string query, long maxExamined)
    {
        var rawQuery = new RawQuery([.. $"limit={Limit}&{query}".TrimEnd('&').Split('&').Select(pair => pair.Split('='))
            .Select(pair => (pair[0], pair[1]))]);
        var listQuery = TaskListQuery.Parse(rawQuery, QuarterHour.Current(TimeProvider.System), Product.Default, isExport: false).Value!;
        var statement = ListTasksSql.SelectPage(listQuery.Path, KeyRange.Earlier, SqlDialect.Common);
        var parameters = new TaskListParameters(Acme.Id, Product.Default, listQuery) { Limit = Limit, MaxExamined = maxExamined };

        await using var connection = await Service.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var readBefore = await connection.ExecuteScalarAsync<long>(RowsReadSql);
        var rows = (await connection.QueryAsync<ListedTaskRow>(statement, parameters)).AsList();
        return (rows.Count, await connection.ExecuteScalarAsync<long>(RowsReadSql) - readBefore);
    }
}
