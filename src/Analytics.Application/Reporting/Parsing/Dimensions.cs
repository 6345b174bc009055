using NodaTime;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>Which dimensions groups can combine, with which filters and over which ranges.</summary>
internal static class Dimensions
{
    private const int MaxLocalTimeDays = 92;

    private static readonly Dimension[] Fields = [Dimension.Space, Dimension.Agent, Dimension.Direction];

    public static bool IsLocalTime(Dimension dimension) => dimension is Dimension.DayOfWeek or Dimension.HourOfDay;

    public static IReadOnlyList<Dimension> Parse(
        QueryParameterReader reader, Rollups.TaskFilter filter, RequestedRange? range, DateTimeZone zone)
    {
        var parameter = QueryParameters.GroupBy;
        var dimensions = reader.ParseEnums(parameter);
        if (dimensions.Count > parameter.MaxItems || dimensions.Distinct().Count() < dimensions.Count)
        {
            reader.AddError(parameter, $"must be one or two different of {string.Join(", ", parameter.Values)}.");
            return [];
        }

        if (dimensions is [var first, var second] && !CanCombine(first, second) && !CanCombine(second, first))
        {
            reader.AddError(
                parameter,
                "combines two of space, agent and direction; run with one of these; label with space; day_of_week with hour_of_day.");
        }

        if (dimensions.Contains(Dimension.Label) && filter is not { Agents: null, Direction: null, RunId: null })
        {
            reader.AddError(parameter, "must not be label together with the filters agent, direction or run_id.");
        }

        if (dimensions.Any(IsLocalTime) && range is not null && !IsShort(range, zone))
        {
            reader.AddError(parameter, $"allows day_of_week and hour_of_day over a range of at most {MaxLocalTimeDays} days.");
        }

        return dimensions;
    }

    private static bool CanCombine(Dimension first, Dimension second) => first switch
    {
        Dimension.Space or Dimension.Agent or Dimension.Direction => Fields.Contains(second),
        Dimension.Run => Fields.Contains(second),
        Dimension.Label => second == Dimension.Space,
        Dimension.DayOfWeek => second == Dimension.HourOfDay,
        Dimension.HourOfDay => false,
    };

    private static bool IsShort(RequestedRange range, DateTimeZone zone) =>
        range.Window is { From: { } from, To: { } to }
        && zone.At(to) <= zone.At(from).PlusDays(MaxLocalTimeDays);
}
