using Analytics.Domain;
using Analytics.Application.Tests.Reporting.Parsing;
using CsCheck;

namespace Analytics.FunctionalTests.Support;

/// <summary>A query with parameters. Null is omitted.</summary>
internal sealed record RandomRequest
{
    public required string Product { get; init; }

    public required string Zone { get; init; }

    public required RandomRange Range { get; init; }

    public required string? Interval { get; init; }

    public required string? Compare { get; init; }

    public required string[] GroupBy { get; init; }

    public required string[] Agents { get; init; }

    public required string? Direction { get; init; }

    public required string? RunId { get; init; }

    public required int? Space { get; init; }

    public required string[] Include { get; init; }

    public required bool OmitEmptyBuckets { get; init; }

    public required int? Limit { get; init; }

    public string Query => string.Join('&', [
        .. CreateOptionalParameter("timezone", Zone), .. CreateOptionalParameter("date_range", Range.Name),
        .. CreateOptionalParameter("start_date", Range.Start), .. CreateOptionalParameter("end_date", Range.End),
        .. CreateOptionalParameter("interval", Interval), .. CreateOptionalParameter("compare", Compare),
        .. CreateOptionalParameter("group_by", GroupBy.Length > 0 ? string.Join(',', GroupBy) : null),
        .. Agents.SelectMany(agent => CreateOptionalParameter("agent", agent)), .. CreateOptionalParameter("direction", Direction),
        .. CreateOptionalParameter("run_id", RunId),
        .. CreateOptionalParameter("space_token", Space is null ? null : $"S{Space}"),
        .. CreateOptionalParameter("include", Include.Length > 0 ? string.Join(',', Include) : null), .. CreateOptionalParameter(
            "fill", OmitEmptyBuckets ? "none" : null), .. CreateOptionalParameter("limit", Limit is null ? null : $"{Limit}"),
    ]);

    public static Gen<RandomRequest> Generate(Timestamp now) =>
        from product in Gen.OneOf("a", "b")
        from zone in ReferenceClock.Zones
        from range in RandomRange.Generate(now)
        from interval in Gen.OneOf(null, "hour", "day", "week", "month")
        from compare in Gen.OneOf(null, "previous_period", "previous_year")
        from groupBy in Gen.Frequency((3, Gen.Shuffle(new[] { "space", "agent", "direction" }, 0, 2)), (2, Gen.OneOf(MoreGroups)))
        from agents in Gen.Frequency(
            (3, Gen.Const(Array.Empty<string>())), (1, Gen.OneOf("", "a", "A", "B", "\u00e9 \U0001F600").Array[1, 3]))
        from direction in Gen.Frequency((3, Gen.Const((string?)null)), (1, Gen.OneOf<string?>("", "inbound", "outbound")))
        from run in Gen.Frequency((3, Gen.Const((string?)null)), (1, Gen.OneOf<string?>("", "r", "R")))
        from space in Gen.Frequency((3, Gen.Const((int?)null)), (1, Gen.Int[1, 5].Select(space => (int?)space)))
        from include in Gen.Shuffle(new[] { "reconciliation", "components", "meta" }, 0, 3)
        from leavesOut in Gen.Bool
        from limit in Gen.Nullable(Gen.OneOf(1, 2, 3, 1000))
        select new RandomRequest
        {
            Product = product,
            Zone = zone,
            Range = range,
            Interval = interval,
            Compare = compare,
            GroupBy = groupBy,
            Agents = groupBy.Contains("label") ? [] : agents,
            Direction = groupBy.Contains("label") ? null : direction,
            RunId = groupBy.Contains("label") ? null : run,
            Space = space,
            Include = include,
            OmitEmptyBuckets = leavesOut,
            Limit = limit,
        };

    private static readonly string[][] MoreGroups =
    [
        ["run"], ["run", "space"], ["agent", "run"], ["run", "direction"], ["label"], ["label", "space"],
        ["day_of_week"], ["hour_of_day"], ["hour_of_day", "day_of_week"],
    ];

    private static IEnumerable<string> CreateOptionalParameter(string name, string? value) =>
        value is null ? [] : [$"{name}={Uri.EscapeDataString(value)}"];
}

/// <summary>A range by its name, by its days or by its instants; none of them means all of time.</summary>
internal sealed record RandomRange
{
    public string? Name { get; init; }

    public DateTime? FirstDay { get; init; }

    public DateTime? LastDay { get; init; }

    public Timestamp? From { get; init; }

    public Timestamp? To { get; init; }

    public string? Start => FirstDay is { } day ? $"{day:yyyy-MM-dd}" : FormatInstant(From);

    public string? End => LastDay is { } day ? $"{day:yyyy-MM-dd}" : FormatInstant(To);

    public static Gen<RandomRange> Generate(Timestamp now)
    {
        var today = DateTimeOffset.FromUnixTimeMilliseconds(now.UnixMilliseconds).UtcDateTime.Date;
        var quarterHour = now.UnixMilliseconds - (now.UnixMilliseconds % 900_000);
        var names = Gen.OneOf("today", "yesterday", "24h", "7d", "28d", "30d", "91d", "week", "month", "6mo", "12mo", "year", "all");
        var shorter = Gen.Select(
            Gen.Frequency((4, Gen.Int[0, 40]), (3, Gen.Int[0, 400]), (1, Gen.Int[400, 800])),
            Gen.Frequency((6, Gen.Int[0, 40]), (3, Gen.Int[300, 420])));
        var tenYears = Gen.Select(Gen.Int[3_640, 3_660], Gen.Int[3_640, 3_660]);
        var spans = Gen.Frequency((9, shorter), (1, tenYears));
        var days = from span in spans
                   select new RandomRange { FirstDay = today.AddDays(-span.Item1), LastDay = today.AddDays(span.Item2 - span.Item1) };
        var instants = from span in spans
                       from quarters in Gen.Int[-95, 96]
                       from more in Gen.Int[1, 96]
                       let @from = quarterHour + ((quarters - (96L * span.Item1)) * 900_000)
                       select new RandomRange { From = new(@from), To = new(@from + (((96L * span.Item2) + more) * 900_000)) };
        return Gen.Frequency(
            (6, names.Select(name => new RandomRange { Name = name })),
            (4, days),
            (4, instants),
            (1, days.Select(range => range with { FirstDay = range.FirstDay!.Value.AddDays(-2), LastDay = null })),
            (1, instants.Select(range => range with { From = range.From - TimeSpan.FromDays(3), To = null })),
            (1, days.Select(range => range with { FirstDay = null })),
            (1, instants.Select(range => range with { From = null })),
            (1, Gen.Const(new RandomRange())));
    }

    // With an offset that no zone here has, because the offset of instants need not be that of the days.
    private static string? FormatInstant(Timestamp? instant) =>
        instant is { } at
            ? $"{DateTimeOffset.FromUnixTimeMilliseconds(at.UnixMilliseconds).ToOffset(TimeSpan.FromHours(-3.5)):yyyy-MM-ddTHH:mm:sszzz}"
                : null;
}
