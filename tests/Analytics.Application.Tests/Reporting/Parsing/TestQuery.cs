using System.Globalization;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Application.Rollups;
using Analytics.Domain;

namespace Analytics.Application.Tests.Reporting.Parsing;

/// <summary>Parses query strings at a given time.</summary>
internal static class TestQuery
{
    public const string Noon = "2026-11-01T12:07:00Z";

    public static RawQuery ToRawQuery(string query) => new(query
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => (pair[0], Uri.UnescapeDataString(pair[1]))));

    public static ParseResult<AnalyticsQueryPlan> Parse(string query, string now = Noon) =>
        AnalyticsQueryParser.Parse(ToRawQuery(query), QuarterHour.Containing(ParseTime(now)));

    public static IEnumerable<(string Name, string Message)> ParseErrors(string query, string now = Noon) =>
        Parse(query, now).Errors.Select(error => (error.PropertyName, error.ErrorMessage));

    public static AnalyticsQueryPlan ParsePlan(string query, string now = Noon)
    {
        var result = Parse(query, now);
        Assert.That(result.Errors, Is.Empty, query);
        return result.Value!;
    }

    public static Timestamp ParseTime(string time) => Timestamp.From(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));

    // Omits midnight, seconds of zero, and a missing bound.
    public static string Format(TimeRange range) => $"{Format(range.From)}/{Format(range.To)}";

    public static string Format(Timestamp? instant) =>
        instant?.ToString().Replace(":00.000Z", "Z", StringComparison.Ordinal).Replace("T00:00Z", "", StringComparison.Ordinal) ?? "";
}
