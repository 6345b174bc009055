using System.Globalization;
using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Requests;
using Analytics.Application.Rollups;
using Analytics.Domain;

namespace Analytics.Application.Tests.Reporting.Parsing;

/// <summary>Questions as a client spells them, at a time.</summary>
internal static class Ask
{
    public const string Noon = "2026-11-01T12:07:00Z";

    public static RawQuery Query(string query) => new(query
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => (pair[0], Uri.UnescapeDataString(pair[1]))));

    public static ParseResult<AnalyticsQueryPlan> Planned(string query, string now = Noon) => AnalyticsQueryParser.Parse(Query(query), QuarterHour.Containing(At(now)));

    public static AnalyticsQueryPlan Plan(string query, string now = Noon)
    {
        var planned = Planned(query, now);
        Assert.That(planned.Errors, Is.Empty, query);
        return planned.Value!;
    }

    public static Timestamp At(string time) => Timestamp.From(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));

    /// <summary>A range in short: what is absent is empty.</summary>
    public static string Shown(TimeRange range) => $"{Shown(range.From)}/{Shown(range.To)}";

    public static string Shown(Timestamp? instant) =>
        instant?.ToString().Replace(":00.000Z", "Z", StringComparison.Ordinal).Replace("T00:00Z", "", StringComparison.Ordinal) ?? "";
}
