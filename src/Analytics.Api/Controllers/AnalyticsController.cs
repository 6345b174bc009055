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
        var optionalProperties = GetOptionalProperties(request.Plan);
        return value switch
        {
            { Series: { } series } => ToFile(series, format, optionalProperties),
            { Groups: { } groups } => ToFile(groups, format, optionalProperties),
            _ => ToFile([value], format, optionalProperties),
        };
    }

    // The properties of a row that depend on the request.
    private static List<string> GetOptionalProperties(AnalyticsQueryPlan plan)
    {
        List<string> names = [.. plan.GroupBy.Select(GetPropertyName)];
        if (plan.GroupBy.Contains(Dimension.Space))
        {
            names.Add("space_name");
        }

        if (plan.GroupBy.Count > 0)
        {
            names.Add("other");
        }

        if (plan.Include.HasFlag(IncludeOptions.Reconciliation))
        {
            names.Add("reconciliation");
        }

        if (plan.Include.HasFlag(IncludeOptions.Components))
        {
            names.Add("components");
        }

        return names;
    }

    private static string GetPropertyName(Dimension dimension) => dimension switch
    {
        Dimension.Space => "space_token",
        Dimension.Agent => "agent",
        Dimension.Direction => "direction",
        Dimension.Run => "run_id",
        Dimension.Label => "label",
        Dimension.DayOfWeek => "day_of_week",
        Dimension.HourOfDay => "hour_of_day",
    };

    private BodyResult ToFile<T>(IReadOnlyList<T> rows, ResponseFormat format, List<string> optionalProperties)
        where T : class
    {
        using var writer = RowWriterFactory.Create<T>(format, optionalProperties, json.Value.JsonSerializerOptions);
        foreach (var row in rows)
        {
            writer.Write(row);
        }

        Response.Headers.ContentDisposition = $"attachment; filename=\"analytics.{writer.Extension}\"";
        return new BodyResult(writer.Drain().ToArray(), writer.ContentType);
    }
}
