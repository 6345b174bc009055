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
    public void Csv_has_requested_optional_columns_whatever_the_rows_are()
    {
        const string Header = "starts_at,inner_block_mean,inner_block_complete,inner_block_note,extra_count\r\n";
        Row[] rows = [new() { InnerBlock = new() }, new() { InnerBlock = new(), Extra = new() { Count = 3 } }];

        Assert.That(Csv(rows, "extra"), Is.EqualTo($"{Header},0,false,,\r\n,0,false,,3\r\n"));
        Assert.That(Csv<Row>([], "extra"), Is.EqualTo(Header));
    }

    [Test]
    public void Csv_without_rows_has_a_header() =>
        Assert.That(Csv<Row>([]), Is.EqualTo("starts_at,inner_block_mean,inner_block_complete,inner_block_note\r\n"));

    [Test, SetCulture("de-DE")]
    public void Csv_numbers_ignore_the_current_culture() =>
        Assert.That(Csv(new Inner { Mean = 1234.50m }), Is.EqualTo("mean,complete,note\r\n1234.50,false,\r\n"));

    [TestCase("=1"), TestCase("+1"), TestCase("-1"), TestCase("@a"), TestCase("\ta"), TestCase("\ra")]
    [TestCase("\uFF1D1"), TestCase("\uFF0B1"), TestCase("\uFF0D1"), TestCase("\uFF20a"), TestCase("\uFE661"), TestCase(" =1"),
        TestCase("\u00A0\u3000+1"), TestCase("\u200B\uFEFF-1"), TestCase("\u00AD@a"), TestCase("\u3164=1"), TestCase("\uFE0F=1"),
        TestCase("\U000E0020=1"), TestCase(" \u2060\uFF1D1"), TestCase("\u2800=1")]
    public void Csv_escapes_spreadsheet_formulas(string note) => Assert.That(Csv(new Inner { Note = note }), Does.Contain($"'{note}"));

    [TestCase("a=1"), TestCase(" a"), TestCase("'a"), TestCase("\u200Ba=1"), TestCase("\u00E9=1"), TestCase("\U0001F600=1"), TestCase("")]
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

    private static string Csv<T>(T row)
        where T : class =>
        Csv<T>([row]);

    private static string Csv<T>(T[] rows, params string[] optionalProperties)
        where T : class
    {
        using var writer = new CsvRowWriter<T>(Column.ForType<T>(Json, optionalProperties));
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
