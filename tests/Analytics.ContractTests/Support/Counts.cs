using System.Text.Json;

namespace Analytics.ContractTests.Support;

/// <summary>What of a report adds up: the counts and sums of its totals, of a row, or of several rows.</summary>
internal static class Counts
{
    private static readonly string[] Sections = ["call_analytics", "call_status", "reconciliation", "components"];

    private static readonly string[] Ratios = ["avg_success_score", "success_rate", "avg_duration_seconds", "balanced"];

    // By name, such as "call_status.completed".
    public static SortedDictionary<string, decimal> Of(params IEnumerable<JsonElement> rows)
    {
        var sums = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (name, value) in rows.SelectMany(Read))
        {
            sums[name] = sums.GetValueOrDefault(name) + value;
        }

        return sums;
    }

    public static bool AreZero(JsonElement row) => Of(row).Values.All(value => value == 0);

    private static IEnumerable<(string Name, decimal Value)> Read(JsonElement row) =>
        from section in row.EnumerateObject()
        where Sections.Contains(section.Name)
        from field in section.Value.EnumerateObject()
        where !Ratios.Contains(field.Name)
        select ($"{section.Name}.{field.Name}", field.Value.GetDecimal());
}
