using Analytics.Application.Reporting.Parsing;

namespace Analytics.Application.Tests.Reporting.Parsing;

internal sealed class ParameterErrorTests
{
    private const string InvalidDate =
        "must be a day (2026-11-01) or an instant with its offset (2026-11-01T00:00:00+05:30), in the years 1900 to 9998.";
    private const string InvalidDateRange =
        "date_range must be one of today, yesterday, 24h, 7d, 28d, 30d, 91d, week, month, 6mo, 12mo, year, all.";
    private const string InvalidTimeZone = "timezone must be the IANA name of a time zone, such as Asia/Kolkata, in its exact case.";
    private const string InvalidLimit = "limit must be a whole number from 1 to 1000.";
    private const string InvalidInclude = "include must be a comma-separated list of reconciliation, components, meta.";
    private const string InvalidGroupBy = "group_by must be a comma-separated list of space, agent, direction, run, label, day_of_week, hour_of_day.";
    private const string InvalidGroupByCount = "group_by must be one or two different of space, agent, direction, run, label, day_of_week, hour_of_day.";
    private const string NotQuarterHourAligned =
        "must have its edges on 15-minute marks of UTC, which the clocks of Africa/Monrovia did not keep to then.";

    private const string SkippedInApia = "must not be 2011-12-30, a day that Pacific/Apia skipped.";

    private static readonly string[] SingleValueParameters =
    [
        "date_range", "start_date", "end_date", "timezone", "interval", "direction", "space_token", "compare", "fill", "limit", "format",
    ];

    private static readonly string[] OptionalParameters = [.. SingleValueParameters, "group_by", "include"];

    [TestCase("date_range=tomorrow", InvalidDateRange)]
    [TestCase("date_range=Today", InvalidDateRange)]
    [TestCase("date_range=%20today", InvalidDateRange)]
    [TestCase("start_date=2026-02-29", "start_date " + InvalidDate)]
    [TestCase("start_date=2026-1-1", "start_date " + InvalidDate)]
    [TestCase("start_date=%202026-01-01", "start_date " + InvalidDate)]
    [TestCase("start_date=1899-12-31", "start_date " + InvalidDate)]
    [TestCase("start_date=-2026-01-01", "start_date " + InvalidDate)]
    [TestCase("end_date=9999-01-01", "end_date " + InvalidDate)]
    [TestCase("end_date=10000-01-01", "end_date " + InvalidDate)]
    [TestCase("end_date=1899-12-31T23:45:00Z", "end_date " + InvalidDate)]
    [TestCase("end_date=9999-01-01T00:00:00%2B14:00", "end_date " + InvalidDate)]
    [TestCase("end_date=2026-01-01T00:00:00", "end_date " + InvalidDate)]
    [TestCase("end_date=2026-01-01T00:00", "end_date " + InvalidDate)]
    [TestCase("end_date=2026-01-01T25:00Z", "end_date " + InvalidDate)]
    [TestCase("end_date=2026-01-01%2000:00Z", "end_date " + InvalidDate)]
    [TestCase("end_date=2026-01-01T00:00%2B0530", "end_date " + InvalidDate)]
    [TestCase("end_date=1767225600", "end_date " + InvalidDate)]
    [TestCase("start_date=2026-01-01T00:07:00Z", "start_date must be on a 15-minute mark of UTC.")]
    [TestCase("start_date=2026-01-01T00:00:01Z", "start_date must be on a 15-minute mark of UTC.")]
    [TestCase("start_date=2026-01-01T00:00:00.0000001Z", "start_date must be on a 15-minute mark of UTC.")]
    [TestCase("end_date=2026-01-01T00:00:00%2B05:40", "end_date must be on a 15-minute mark of UTC.")]
    [TestCase("start_date=2026-10-02&end_date=2026-10-01", "start_date must be before the end of end_date.",
        "end_date must not be before start_date.")]
    [TestCase("start_date=2011-12-30&end_date=2011-12-31&timezone=Pacific/Apia", "start_date " + SkippedInApia)]
    [TestCase("start_date=2011-12-29&end_date=2011-12-30&timezone=Pacific/Apia", "end_date " + SkippedInApia)]
    [TestCase("start_date=2011-12-30&end_date=2011-12-30&timezone=Pacific/Apia&interval=day&compare=previous_period",
        "start_date " + SkippedInApia, "end_date " + SkippedInApia)]
    [TestCase("start_date=2011-12-30&timezone=Pacific/Apia", "start_date " + SkippedInApia)]
    [TestCase("end_date=2011-12-30&timezone=Pacific/Apia", "end_date " + SkippedInApia)]
    [TestCase("end_date=1993-08-21&timezone=Pacific/Kwajalein", "end_date must not be 1993-08-21, a day that Pacific/Kwajalein skipped.")]
    [TestCase("end_date=1994-12-31&timezone=Pacific/Kiritimati", "end_date must not be 1994-12-31, a day that Pacific/Kiritimati skipped.")]
    [TestCase("start_date=2026-10-01T00:00Z&end_date=2026-10-01T00:00Z", "start_date must be before end_date.",
        "end_date must be after start_date.")]
    [TestCase("start_date=2026-10-01T00:00Z&end_date=2026-10-01T02:00%2B05:30", "start_date must be before end_date.",
        "end_date must be after start_date.")]
    [TestCase("start_date=2026-11-02", "start_date must be before the end of today.")]
    [TestCase("start_date=2026-11-02T00:00Z", "start_date must be before the end of today.")]
    [TestCase("start_date=2026-10-01&end_date=2026-10-02T00:00Z",
        "start_date must be of the same kind as end_date: both days or both instants.",
        "end_date must be of the same kind as start_date: both days or both instants.")]
    [TestCase("start_date=2026-10-01T00:00Z&end_date=2026-10-02",
        "start_date must be of the same kind as end_date: both days or both instants.",
        "end_date must be of the same kind as start_date: both days or both instants.")]
    [TestCase("date_range=7d&start_date=2026-10-01", "date_range must not be given together with start_date or end_date.")]
    [TestCase("date_range=all&end_date=2026-10-01", "date_range must not be given together with start_date or end_date.")]
    [TestCase("start_date=1971-06-01&end_date=1972-06-01&timezone=Africa/Monrovia", "start_date " + NotQuarterHourAligned)]
    [TestCase("start_date=1971-06-01T00:00Z&end_date=1971-06-02T00:00Z&timezone=Africa/Monrovia&interval=day",
        "interval " + NotQuarterHourAligned)]
    [TestCase("start_date=1971-06-01T00:00Z&end_date=1971-06-02T00:00Z&timezone=Africa/Monrovia&interval=hour",
        "interval " + NotQuarterHourAligned)]
    [TestCase("start_date=1972-06-01&end_date=1972-06-02&timezone=Africa/Monrovia&compare=previous_year",
        "compare " + NotQuarterHourAligned)]
    [TestCase("start_date=1971-06-01&end_date=1971-06-02&compare=previous_year&timezone=Africa/Monrovia",
        "start_date " + NotQuarterHourAligned, "end_date " + NotQuarterHourAligned)]
    [TestCase("end_date=1971-06-01&timezone=Africa/Monrovia", "end_date " + NotQuarterHourAligned)]
    [TestCase("timezone=asia/kolkata", InvalidTimeZone)]
    [TestCase("timezone=UTC%2B5", InvalidTimeZone)]
    [TestCase("timezone=UTC%2B05", InvalidTimeZone)]
    [TestCase("timezone=%2B05:30", InvalidTimeZone)]
    [TestCase("timezone=India Standard Time", InvalidTimeZone)]
    [TestCase("timezone=Mars/Phobos", InvalidTimeZone)]
    [TestCase("timezone=UTC%20", InvalidTimeZone)]
    [TestCase("interval=Day&date_range=7d", "interval must be one of hour, day, week, month.")]
    [TestCase("interval=year&date_range=7d", "interval must be one of hour, day, week, month.")]
    [TestCase("interval=day", "interval must come with a lower bound: start_date, or a date_range other than all.")]
    [TestCase("interval=day&date_range=all", "interval must come with a lower bound: start_date, or a date_range other than all.")]
    [TestCase("interval=day&end_date=2026-10-01", "interval must come with a lower bound: start_date, or a date_range other than all.")]
    [TestCase("compare=previous_week&date_range=7d", "compare must be one of previous_period, previous_year.")]
    [TestCase("compare=previous_year", "compare must come with a lower bound: start_date, or a date_range other than all.")]
    [TestCase("compare=previous_period&end_date=2026-10-01",
        "compare must come with a lower bound: start_date, or a date_range other than all.")]
    [TestCase("compare=previous_year&start_date=1900-12-31&end_date=1900-12-31", "compare must not reach back before the year 1900.")]
    [TestCase("compare=previous_period&start_date=1900-01-01&end_date=9998-12-31", "compare must not reach back before the year 1900.")]
    [TestCase("compare=previous_period&start_date=1900-01-01T00:00Z&end_date=9998-12-31T00:00Z",
        "compare must not reach back before the year 1900.")]
    [TestCase("group_by=outcome", InvalidGroupBy)]
    [TestCase("group_by=space,", InvalidGroupBy)]
    [TestCase("group_by=space,,agent", InvalidGroupBy)]
    [TestCase("group_by=Space", InvalidGroupBy)]
    [TestCase("group_by=space,space", InvalidGroupByCount)]
    [TestCase("group_by=space,agent,direction", InvalidGroupByCount)]
    [TestCase("include=everything", InvalidInclude)]
    [TestCase("include=meta,", InvalidInclude)]
    [TestCase("include=,", InvalidInclude)]
    [TestCase("include=total", InvalidInclude)]
    [TestCase("include=none", InvalidInclude)]
    [TestCase("fill=null", "fill must be one of zero, none.")]
    [TestCase("limit=0", InvalidLimit)]
    [TestCase("limit=1001", InvalidLimit)]
    [TestCase("limit=-1", InvalidLimit)]
    [TestCase("limit=1.0", InvalidLimit)]
    [TestCase("limit=99999999999", InvalidLimit)]
    [TestCase("limit=ten", InvalidLimit)]
    [TestCase("format=xml", "format must be one of json, csv, ndjson.")]
    [TestCase("format=csv&interval=day&group_by=agent&date_range=7d",
        "format must be json where both interval and group_by are given: csv and ndjson hold one table.")]
    [TestCase("format=ndjson&interval=day&group_by=agent&date_range=7d",
        "format must be json where both interval and group_by are given: csv and ndjson hold one table.")]
    [TestCase("format=csv&compare=previous_year&date_range=7d",
        "format must be json where compare is given: csv and ndjson hold one table.")]
    [TestCase("format=ndjson&include=components,meta", "format must be json where include holds meta: csv and ndjson hold one table.")]
    [TestCase("Timezone=UTC", "Timezone is not known here: did you mean timezone?")]
    [TestCase("date_rang=7d", "date_rang is not known here: did you mean date_range?")]
    [TestCase("dateRange=7d", "dateRange is not known here: did you mean date_range?")]
    [TestCase("groupby=agent", "groupby is not known here: did you mean group_by?")]
    [TestCase("intervals=day&formt=csv", "formt is not known here: did you mean format?",
        "intervals is not known here: did you mean interval?")]
    [TestCase("timezne=UTC&tmezne=UTC", "timezne is not known here: did you mean timezone?",
        "tmezne is not known here: did you mean timezone?")]
    [TestCase("direction=Inbound", "direction must be inbound, outbound or blank.")]
    [TestCase("direction=none", "direction must be inbound, outbound or blank.")]
    [TestCase("agent=a&agent=b%0Ac", "agent has a control character in it.")]
    [TestCase("space_token=with-dash", "space_token must be 1-30 ASCII letters or digits.")]
    public void Invalid_parameter_returns_its_error_message(string query, params string[] messages) =>
        Assert.That(TestQuery.ParseErrors(query), Is.EqualTo(messages.Select(message => (message.Split(' ')[0], message))));

    [Test]
    public void Yesterday_is_rejected_if_the_zone_skipped_it() =>
        Assert.That(
            TestQuery.ParseErrors("date_range=yesterday&timezone=Pacific/Apia", "2011-12-30T12:00:00Z"),
            Is.EqualTo(new[] { ("date_range", "date_range " + SkippedInApia) }));

    [Test]
    public void Range_misaligned_at_both_ends_is_reported_once() =>
        Assert.That(
            TestQuery.ParseErrors("date_range=today&timezone=Africa/Monrovia", "1971-06-01T12:00:00Z"),
            Is.EqualTo(new[] { ("date_range", "date_range " + NotQuarterHourAligned) }));

    [Test]
    public void Agent_over_128_characters_is_rejected() =>
        Assert.That(TestQuery.ParseErrors($"agent={new string('a', 129)}"),
            Is.EqualTo(new[] { ("agent", "agent is longer than 128 characters.") }));

    [Test]
    public void Agent_with_unpaired_surrogate_is_rejected() =>
        Assert.That(AnalyticsQueryParser.Parse(new([("agent", "\ud800")]), default).Errors.Select(
            error => (error.PropertyName, error.ErrorMessage)), Is.EqualTo(new[] { ("agent", "agent has an unpaired surrogate in it.") }));

    [TestCaseSource(nameof(SingleValueParameters))]
    public void Duplicate_parameter_is_rejected_even_if_blank(string name) =>
        Assert.That(TestQuery.ParseErrors($"{name}=&{name}="), Is.EqualTo(new[] { (name, $"{name} must be given only once.") }));

    [TestCaseSource(nameof(OptionalParameters))]
    public void Blank_parameter_is_treated_as_absent(string name) => Assert.That(TestQuery.Parse($"{name}=%20%20").Errors, Is.Empty);

    [TestCaseSource(nameof(OptionalParameters))]
    public void Control_character_in_a_blank_parameter_is_rejected(string name) =>
        Assert.That(TestQuery.ParseErrors($"{name}=%20%09"), Is.EqualTo(new[] { (name, $"{name} must not have control characters.") }));

    [TestCase("limit=5%00", "limit"), TestCase("limit=5%00x", "limit"), TestCase("x=a%01", "x"), TestCase("a\0=1", "a\0")]
    [TestCase("x=1&x=%7F", "x"), TestCase("x=%C2%85", "x")]
    public void Control_character_in_any_parameter_is_rejected(string query, string name) =>
        Assert.That(TestQuery.ParseErrors(query).Select(error => error.Item1), Is.EqualTo(new[] { name }));

    [Test]
    public void All_invalid_parameters_are_reported() =>
        Assert.That(
            TestQuery.Parse(
                "timezone=x&date_range=x&interval=x&compare=x&space_token=-&agent=%00&direction=x&fill=x&group_by=x&limit=x&include=x&format=x").Errors.Select(error => error.PropertyName),
            Is.EquivalentTo(new[] { "timezone", "date_range", "interval", "compare", "space_token", "agent", "direction", "fill",
                "group_by", "limit", "include", "format" }));

    [Test]
    public void Consequential_errors_are_not_reported() =>
        Assert.That(
            TestQuery.Parse("start_date=2030-01-01&end_date=x&interval=day&compare=previous_year").Errors
                .Select(error => error.PropertyName),
            Is.EqualTo(new[] { "end_date" }));

    [Test]
    public void Plan_is_null_for_invalid_query_only()
    {
        Assert.That(TestQuery.Parse("limit=0").Value, Is.Null);
        Assert.That(TestQuery.Parse("limit=1").Value, Is.Not.Null);
    }

    [TestCase(ResponseFormat.Json, "date_range=7d&interval=day&group_by=agent", false)]
    [TestCase(ResponseFormat.Csv, "date_range=7d&interval=day&group_by=agent", true)]
    [TestCase(ResponseFormat.Ndjson, "date_range=7d&interval=day&group_by=agent", true)]
    [TestCase(ResponseFormat.Csv, "date_range=7d&compare=previous_year", true)]
    [TestCase(ResponseFormat.Ndjson, "include=meta", true)]
    [TestCase(ResponseFormat.Json, "date_range=7d&compare=previous_year&include=meta", false)]
    [TestCase(ResponseFormat.Csv, "include=components,reconciliation", false)]
    [TestCase(ResponseFormat.Csv, "date_range=7d&interval=day", false)]
    [TestCase(ResponseFormat.Csv, "date_range=7d&group_by=agent", false)]
    [TestCase(ResponseFormat.Csv, "", false)]
    public void Tabular_format_with_more_than_one_table_is_rejected(ResponseFormat format, string query, bool isRejected) =>
        Assert.That(AnalyticsQueryParser.ValidateTabular(TestQuery.ParsePlan(query), format)?.PropertyName,
            Is.EqualTo(isRejected ? "format" : null));
}
