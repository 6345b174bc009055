using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Analytics.Api.Formats;

namespace Analytics.FunctionalTests.Formats;

/// <summary>Rows of any record, as CSV and as NDJSON.</summary>
internal sealed class RowWriterTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    [Test]
    public void Csv_flattens_nested_objects_with_json_names() =>
        Assert.That(Csv(new Row { StartsAt = "2026-01-01T00:00:00+05:30", InnerBlock = new() { Mean = 1234567.5m, Complete = true } }),
            Is.EqualTo(
        "starts_at,inner_block_mean,inner_block_complete,inner_block_note\r\n2026-01-01T00:00:00+05:30,1234567.5,true,\r\n"));

    [Test]
    public void Csv_keeps_optional_column_that_any_row_has() => Assert.That(
        Csv(new Row { InnerBlock = new() }, new Row { InnerBlock = new(), Extra = new() { Count = 3 } }),
        Is.EqualTo("starts_at,inner_block_mean,inner_block_complete,inner_block_note,extra_count\r\n,0,false,,\r\n,0,false,,3\r\n"));

    [Test]
    public void Csv_without_rows_has_a_header() =>
        Assert.That(Csv<Row>(), Is.EqualTo("starts_at,inner_block_mean,inner_block_complete,inner_block_note\r\n"));

    [Test, SetCulture("de-DE")]
    public void Csv_numbers_ignore_the_current_culture() =>
        Assert.That(Csv(new Inner { Mean = 1234.50m }), Is.EqualTo("mean,complete,note\r\n1234.50,false,\r\n"));

    [TestCase("=1"), TestCase("+1"), TestCase("-1"), TestCase("@a"), TestCase("\ta"), TestCase("\ra")]
    public void Csv_escapes_spreadsheet_formulas(string note) => Assert.That(Csv(new Inner { Note = note }), Does.Contain($"'{note}"));

    [TestCase("a=1"), TestCase(" a"), TestCase("'a")]
    public void Csv_leaves_other_text_unchanged(string note) =>
        Assert.That(Csv(new Inner { Note = note }), Does.Contain($",{note}\r\n").Or.Contain($",\"{note}\"\r\n"));

    [Test]
    public void Ndjson_writes_one_object_per_line()
    {
        using var writer = new NdjsonRowWriter<Row>(Json);
        writer.Write(new Row { StartsAt = "a\n<\u00E9>", InnerBlock = new() });
        writer.Write(new Row { InnerBlock = new(), Extra = new() });

        Assert.That(Encoding.UTF8.GetString(writer.Drain().Span), Is.EqualTo(
            "{\"starts_at\":\"a\\n<\u00E9>\",\"inner_block\":{\"mean\":0,\"complete\":false,\"note\":null}}\n{\"starts_at\":null,\"inner_block\":{\"mean\":0,\"complete\":false,\"note\":null},\"extra\":{\"count\":0}}\n"));
        Assert.That(writer.Pending, Is.Zero);
    }

    private static string Csv<T>(params T[] rows)
        where T : class
    {
        using var writer = new CsvRowWriter<T>(Column.ForRows(rows, Json));
        foreach (var row in rows)
        {
            writer.Write(row);
        }

        return Encoding.UTF8.GetString(writer.Drain().Span);
    }

    private sealed record Row
    {
        public string? StartsAt { get; init; }

        public required Inner InnerBlock { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Extra? Extra { get; init; }
    }

    private sealed record Inner
    {
        public decimal Mean { get; init; }

        public bool Complete { get; init; }

        public string? Note { get; init; }
    }

    private sealed record Extra
    {
        public int Count { get; init; }
    }
}
