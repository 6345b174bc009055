using Analytics.Api.Exports;
using Analytics.Api.Formats;
using Analytics.Application.Reporting.ExportTasks;
using Analytics.Application.Reporting.ListTasks;
using Analytics.Application.Reporting.Parsing;

namespace Analytics.Api.Controllers;

/// <summary>The tasks that an organisation's metrics count.</summary>
[Route("api/v2/platform/organisation/analytics/tasks")]
[Tags("Analytics")]
public sealed class AnalyticsTasksController(
    IMediator mediator, TimeProvider clock, IOptions<JsonOptions> json) : OrganisationController
{
    internal const string SuccessMessage = "Tasks fetched successfully";

    /// <summary>List Tasks</summary>
    /// <remarks>
    /// The tasks that the metrics count, newest first: one page as JSON, or all of them as CSV or NDJSON. With the same
    /// filters there are as many tasks as the metrics count.
    /// </remarks>
    /// <param name="query">The parameters.</param>
    /// <param name="cancellationToken">Cancels the query when the client disconnects.</param>
    [HttpGet, HttpHead]
    [ProducesResponseType<ApiResponse<ListTasksResponse>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Get(RawQuery query, CancellationToken cancellationToken)
    {
        var options = json.Value.JsonSerializerOptions;
        return ContentNegotiation.GetFormat(query, Request) switch
        {
            ResponseFormat.Json => await ListAsync(query, cancellationToken),
            ResponseFormat.Csv =>
                await ExportAsync(query, new CsvRowWriter<ListedTask>(Column.ForType<ListedTask>(options)), cancellationToken),
            ResponseFormat.Ndjson => await ExportAsync(query, new NdjsonRowWriter<ListedTask>(options), cancellationToken),
        };
    }

    private async Task<IActionResult> ListAsync(RawQuery query, CancellationToken cancellationToken)
    {
        var page = await mediator.Send(new ListTasksQuery(Scope, query, QuarterHour.Current(clock)), cancellationToken);
        SetNextPageLink(query, page.Value?.Cursor);
        return ToResult(page, SuccessMessage);
    }

    private async Task<IActionResult> ExportAsync(RawQuery query, IRowWriter<ListedTask> writer, CancellationToken cancellationToken)
    {
        var request = new ExportTasksQuery(Scope, query, QuarterHour.Current(clock), writer.Extension);
        var export = await mediator.Send(request, cancellationToken);
        if (export.Value is null)
        {
            return ToResult(export, SuccessMessage);
        }

        Response.RegisterForDisposeAsync(export.Value);
        SetCacheHeaders(export);
        return new ExportResult(export.Value, writer);
    }
}
