using System.Text.Json;
using Analytics.ContractTests.Support;
using Microsoft.VisualBasic.FileIO;

namespace Analytics.ContractTests;

/// <summary>CSV and NDJSON: the same rows as the JSON.</summary>
internal sealed class FormatTests
{
    private static readonly string[] Tables =
    [
        "include=reconciliation,components",
        "interval=day&timezone=Asia/Kolkata",
        "group_by=agent&limit=3&include=components",
        "group_by=space,direction&limit=2",
        "group_by=day_of_week,hour_of_day",
    ];

    private static ApiClient Api => Deployment.Api;

    [TestCaseSource(nameof(Tables))]
    public async Task Csv_has_the_rows_of_the_json(string query)
    {
        var (json, csv) = await Deployment.ReadAtOneVersionAsync(async () =>
            (await Api.GetAsync($"{Deployment.Days}&{query}"), await Api.GetAsync($"{Deployment.Days}&{query}&format=csv")));
        var (header, rows) = ParseCsv(csv.Text);
        var expected = FindRows(json.Data);

        Assert.That((csv["Content-Type"], csv["Content-Disposition"]),
            Is.EqualTo(("text/csv; charset=utf-8", "attachment; filename=\"analytics.csv\"")), csv.Explain("A CSV is a file to be saved."));
        Assert.That(rows, Has.Count.EqualTo(expected.Count), json.Explain("The CSV has one line for each row.", csv));
        foreach (var (row, cells) in expected.Zip(rows))
        {
            var fields = Flatten(row).ToList();
            Assert.That(fields.Select(field => field.Name), Is.SubsetOf(header),
                json.Explain("The header has the JSON's keys, joined by _.", csv));
            foreach (var (name, value) in fields)
            {
                // An apostrophe in front keeps a spreadsheet from running the cell.
                Assert.That(cells[Array.IndexOf(header, name)], Is.EqualTo(value).Or.EqualTo($"'{value}"),
                    json.Explain($"The cell {name} is the value of the JSON.", csv));
            }
        }
    }

    [TestCaseSource(nameof(Tables))]
    public async Task Ndjson_has_the_rows_of_the_json(string query)
    {
        var (json, ndjson) = await Deployment.ReadAtOneVersionAsync(async () =>
            (await Api.GetAsync($"{Deployment.Days}&{query}"), await Api.GetAsync($"{Deployment.Days}&{query}&format=ndjson")));

        Assert.That((ndjson["Content-Type"], ndjson["Content-Disposition"]),
            Is.EqualTo(("application/x-ndjson", "attachment; filename=\"analytics.ndjson\"")),
            ndjson.Explain("NDJSON is a file to be saved."));
        Assert.That(ReadLines(ndjson), Is.EqualTo(FindRows(json.Data).Select(row => row.GetRawText())),
            json.Explain("Each line of the NDJSON is a row of the JSON.", ndjson));
    }

    [Test]
    public async Task Csv_header_follows_from_the_request_alone()
    {
        const string Query = "date_range=28d&group_by=agent&limit=1&format=csv";
        var rows = await Api.GetAsync(Query);
        var none = await Api.GetAsync($"{Query}&agent=contract-tests-no-such-agent");

        Assert.That(none.Text.Trim(), Is.EqualTo(rows.Text.Split("\r\n")[0]),
            rows.Explain("The header is the same with and without rows.", none));
    }

    [TestCase("text/csv", "", "text/csv"), TestCase("application/x-ndjson", "", "application/x-ndjson"),
        TestCase("*/*", "", "application/json")]
    [TestCase("image/png", "", "application/json"), TestCase("text/csv;q=0.5, application/json", "", "application/json")]
    [TestCase("text/csv", "format=json", "application/json"), TestCase("application/json", "format=csv", "text/csv")]
    public async Task Format_takes_precedence_over_Accept_and_anything_else_is_JSON(string accept, string query, string mediaType)
    {
        var reply = await Api.SendAsync(new ContractRequest(query) { Headers = [("Accept", accept)] });

        Assert.That((reply.Status, reply.MediaType), Is.EqualTo((200, mediaType)),
            reply.Explain("format, else Accept, chooses JSON, CSV or NDJSON; what is not offered is JSON, and never a 406."));
    }

    [TestCase("date_range=7d&interval=day&group_by=agent&format=csv"), TestCase("date_range=7d&compare=previous_period&format=ndjson")]
    [TestCase("include=meta&format=csv"), TestCase("format=xml"), TestCase("format=CSV")]
    public async Task What_is_not_one_table_is_rejected(string query)
    {
        var reply = await Api.SendAsync(new ContractRequest(query));

        Assert.That(reply.Status, Is.EqualTo(400), reply.Explain("A file holds one table: format is a 400 with two of them."));
        Assert.That(reply.Json.GetProperty("errors").TryGetProperty("format", out _), Is.True, reply.Explain("The error names format."));
    }

    [Test]
    public async Task Export_contains_the_listed_tasks()
    {
        var day = await Deployment.FindDayWithTasksAsync();
        var (pages, csv, ndjson) = await Deployment.ReadAtOneVersionAsync(async () => (await Pages.ReadAsync($"{day}&limit=1000"),
            await Api.GetAsync($"{day}&format=csv", Routes.Tasks), await Api.GetAsync($"{day}&format=ndjson", Routes.Tasks)));
        var tasks = Pages.GetItems(pages);
        var (header, rows) = ParseCsv(csv.Text);

        Assert.That(ReadLines(ndjson), Is.EqualTo(tasks.Select(task => task.GetRawText())),
            pages[0].Explain("The NDJSON has all tasks, in the order of the pages.", ndjson));
        Assert.That(rows.Select(cells => cells[Array.IndexOf(header, "created_at")]),
            Is.EqualTo(tasks.Select(task => task.GetProperty("created_at").GetString())),
            pages[0].Explain("The CSV has all tasks, in the order of the pages.", csv));
        Assert.That(tasks.SelectMany(task => Api.Document.FindViolations("ListedTask", task)), Is.Empty,
            ndjson.Explain("Each line is a task as openapi.json describes it."));
    }

    // The one table of a report: its series, else its groups, else its totals.
    private static List<JsonElement> FindRows(JsonElement data) =>
        data.TryGetProperty("series", out var series) ? [.. series.EnumerateArray()]
        : data.TryGetProperty("groups", out var groups) ? [.. groups.EnumerateArray()]
        : [data];

    private static IEnumerable<(string Name, string Value)> Flatten(JsonElement row, string prefix = "") =>
        row.EnumerateObject().SelectMany(field => field.Value.ValueKind == JsonValueKind.Object
            ? Flatten(field.Value, $"{prefix}{field.Name}_")
            : [($"{prefix}{field.Name}",
                field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString()! : field.Value.GetRawText())])
        .Select(field => field with { Value = field.Value == "null" ? "" : field.Value });

    private static string[] ReadLines(Reply ndjson) => ndjson.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static (string[] Header, List<string[]> Rows) ParseCsv(string text)
    {
        using var parser = new TextFieldParser(new StringReader(text)) { HasFieldsEnclosedInQuotes = true, TrimWhiteSpace = false };
        parser.SetDelimiters(",");
        var lines = new List<string[]>();
        while (parser.ReadFields() is { } cells)
        {
            lines.Add(cells);
        }

        return (lines[0], lines[1..]);
    }
}
