using Analytics.Api.Formats;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Application.Reporting.Parsing;

namespace Analytics.Api.Controllers;

/// <summary>Metrics of an organisation's calls and tasks.</summary>
[Route(RouteTemplate)]
public sealed class AnalyticsController(IMediator mediator, TimeProvider clock, IOptions<JsonOptions> json) : OrganisationController
{
    internal const string RouteTemplate = "api/v2/platform/organisation/analytics";
    internal const string SuccessMessage = "Analytics fetched successfully";

    /// <summary>Get Analytics</summary>
    /// <remarks>
    /// Outcomes of calls and statuses of tasks, counted over the active spaces of content type contact: over one of them
    /// if space_token is given, otherwise over all. Without data every count is zero; this is not an error. A range, an
    /// interval, groups or a comparison divide the same counts; the parts add up to the totals.
    /// </remarks>
    /// <param name="query">The parameters.</param>
    /// <param name="cancellationToken">Cancels the query when the client disconnects.</param>
    [HttpGet, HttpHead]
    [ProducesResponseType<ApiResponse<GetAnalyticsResponse>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Get(RawQuery query, CancellationToken cancellationToken)
    {
        var format = ContentNegotiation.GetFormat(query, Request);
        var request = new GetAnalyticsQuery(Scope, query, QuarterHour.Current(clock)) { Format = format };
        var response = await mediator.Send(request, cancellationToken);
        if (response.Value is not { } value || format == ResponseFormat.Json)
        {
            return ToResult(response, SuccessMessage);
        }

        SetCacheHeaders(response);
        return value switch
        {
            { Series: { } series } => ToFile(series, format),
            { Groups: { } groups } => ToFile(groups, format),
            _ => ToFile([value], format),
        };
    }

    private FileContentResult ToFile<T>(IReadOnlyList<T> rows, ResponseFormat format)
        where T : class
    {
        using var writer = RowWriterFactory.Create(format, rows, json.Value.JsonSerializerOptions);
        foreach (var row in rows)
        {
            writer.Write(row);
        }

        Response.Headers.ContentDisposition = $"attachment; filename=\"analytics.{writer.Extension}\"";
        return File(writer.Drain().ToArray(), writer.ContentType);
    }
}
