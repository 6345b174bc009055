using Analytics.Api.Authentication;
using Analytics.Api.Formats;
using Analytics.Application.Analytics.ListTasks;
using Analytics.Application.Analytics.Planning;
using Analytics.Application.Pipeline;
using MediatR;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Analytics.Api.Controllers;

/// <summary>The tasks behind an organisation's numbers.</summary>
[Route("api/v2/platform/organisation/analytics/tasks")]
[Tags("Analytics")]
public sealed class AnalyticsTasksController(IMediator mediator, TimeProvider clock, IOptions<JsonOptions> json, ExportLimits exports) : OrganisationController
{
    internal const string Fetched = "Tasks fetched successfully";

    /// <summary>List Tasks</summary>
    /// <remarks>
    /// The tasks that the numbers count, newest first: a page of them, or all of them as CSV or NDJSON. With the same filters
    /// they are as many as the numbers say.
    /// </remarks>
    /// <param name="inputs">The parameters.</param>
    /// <param name="cancellationToken">Ends the query when the client goes away.</param>
    [HttpGet, HttpHead]
    [ProducesResponseType<Answer<ListTasksResponse>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Get(QueryInputs inputs, CancellationToken cancellationToken)
    {
        var options = json.Value.JsonSerializerOptions;
        return AcceptedFormat.Of(inputs, Request) switch
        {
            AnswerFormat.Json => await ListAsync(inputs, cancellationToken),
            AnswerFormat.Csv => await ExportAsync(inputs, new CsvRowWriter<ListedTask>(Column.All<ListedTask>(options)), cancellationToken),
            AnswerFormat.Ndjson => await ExportAsync(inputs, new NdjsonRowWriter<ListedTask>(options), cancellationToken),
        };
    }

    private async Task<IActionResult> ListAsync(QueryInputs inputs, CancellationToken cancellationToken)
    {
        var page = await mediator.Send(new ListTasksQuery(Scope, inputs, Slot.Now(clock)), cancellationToken);
        if (page.Value?.Cursor is { } cursor)
        {
            Response.Headers.Link = $"<{NextPage(inputs, cursor)}>; rel=\"next\"";
        }

        return Answer(page, Fetched);
    }

    private async Task<IActionResult> ExportAsync(QueryInputs inputs, IRowWriter<ListedTask> writer, CancellationToken cancellationToken)
    {
        var placeOfCaller = exports.TakeOfCaller(User.UserId()!);
        Response.RegisterForDispose(placeOfCaller);
        if (!placeOfCaller.IsAcquired)
        {
            return StatusCode(StatusCodes.Status429TooManyRequests);
        }

        var placeOfProcess = exports.TakeOfProcess();
        Response.RegisterForDispose(placeOfProcess);
        if (!placeOfProcess.IsAcquired)
        {
            return StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        var export = await mediator.Send(new ExportTasksQuery(Scope, inputs, Slot.Now(clock), writer.Extension), cancellationToken);
        if (export.Value is null)
        {
            return Answer(export, Fetched);
        }

        Response.RegisterForDisposeAsync(export.Value);
        Label(export);
        return new RowsResult<ListedTask>("tasks", export.Value.ReadAsync(), writer);
    }

    /// <summary>This request's own address, but for its cursor.</summary>
    private string NextPage(QueryInputs inputs, string cursor)
    {
        var query = new QueryBuilder();
        foreach (var name in inputs.Names.Where(name => name != InputNames.Cursor))
        {
            query.Add(name, inputs[name].OfType<string>());
        }

        query.Add(InputNames.Cursor, cursor);
        return $"{Request.PathBase}{Request.Path}{query}";
    }
}
