using System.Text.RegularExpressions;
using Analytics.Application.Demo;
using Analytics.Domain.Organisations;
using Analytics.FunctionalTests.Support;
using Microsoft.OpenApi;

namespace Analytics.FunctionalTests;

/// <summary>The documented parameters are those that the service takes, with the rules that it has for them.</summary>
internal sealed partial class OpenApiParameterTests : OpenApiFixture
{
    private const string MadeUp = "made_up";

    [TestCase(TasksPath), TestCase(StreamPath)]
    public async Task TheDocumentedParametersAreThoseThatTheRouteKnows(string path)
    {
        var reply = await SendAsync(path, $"{MadeUp}=1");

        Assert.That(reply.Message, Does.StartWith($"{MadeUp} is not known here; known are "));
        Assert.That(reply.Message.TrimEnd('.').Split("known are ")[1].Split(", "), Is.EquivalentTo(NamesOf(path)));
    }

    [Test]
    public async Task TheNumbersIgnoreOnlyWhatIsNotDocumented()
    {
        var blank = NamesOf(AnalyticsPath).Where(name => name != "include").Select(name => $"{name}=");
        var reply = await SendAsync(AnalyticsPath, string.Join('&', [$"{MadeUp}=1", "include=meta", .. blank]));

        Assert.That(reply.Json["data"]!["meta"]!["ignored"]!.AsArray().Select(name => (string?)name), Is.EqualTo([MadeUp]));
        Assert.That(NamesOf(AnalyticsPath), Is.EqualTo(NamesOf(StreamPath)), "The stream names what both know");
    }

    [Test]
    public async Task TheDefinitionsHaveNone()
    {
        Assert.That(GetQueryParameters(DefinitionsPath), Is.Empty);
        Assert.That((await SendAsync(DefinitionsPath, $"{MadeUp}=1")).Message, Is.EqualTo($"{MadeUp} is not known here: there are no parameters."));
    }

    [TestCase(AnalyticsPath), TestCase(TasksPath)]
    public async Task TheDocumentedWordsAreThoseThatTheServiceNames(string path)
    {
        foreach (var parameter in GetQueryParameters(path).Where(parameter => WordsOf(parameter) is not null))
        {
            var reply = await SendAsync(path, $"{parameter.Name}={MadeUp}");

            var words = string.Join(", ", WordsOf(parameter)!.Where(word => word.Length > 0));
            Assert.That(reply.Status, Is.EqualTo(400), parameter.Name);
            Assert.That(reply.Message, Does.Match($"^{parameter.Name} must be (one of |a comma-separated list of )?{words}( or blank)?\\.$"));
        }
    }

    [TestCase(AnalyticsPath), TestCase(TasksPath)]
    public async Task EachDocumentedWordIsTaken(string path)
    {
        foreach (var parameter in GetQueryParameters(path))
        {
            foreach (var word in WordsOf(parameter) ?? [])
            {
                // What needs a range has one; the table of a series has no groups.
                var range = parameter.Name is "date_range" ? "" : "&date_range=7d";
                Assert.That((await SendAsync(path, $"{parameter.Name}={word}{range}")).Status, Is.EqualTo(200), $"{parameter.Name}={word}");
            }
        }
    }

    [TestCase(AnalyticsPath, "date_range=7d&interval=day&group_by=agent&include=meta", "timezone", "fill", "limit", "format")]
    [TestCase(TasksPath, "date_range=7d", "timezone", "limit", "format")]
    public async Task ADocumentedDefaultIsWhatIsAskedWithoutIt(string path, string query, params string[] withDefault)
    {
        var defaults = GetQueryParameters(path).ToDictionary(parameter => parameter.Name!, parameter => Default().Match(parameter.Description!).Value, StringComparer.Ordinal);
        Assert.That(defaults.Where(parameter => parameter.Value.Length > 0).Select(parameter => parameter.Key), Is.EquivalentTo(withDefault));

        var tag = (await SendAsync(path, query))["ETag"];
        foreach (var name in withDefault)
        {
            Assert.That((await SendAsync(path, $"{query}&{name}={defaults[name]}"))["ETag"], Is.EqualTo(tag), name);
        }
    }

    [TestCase(AnalyticsPath), TestCase(TasksPath)]
    public async Task TheDocumentedBoundsAreTheRealOnes(string path)
    {
        var limit = GetQueryParameters(path).Single(parameter => parameter.Name == "limit").Schema!;
        var (minimum, maximum) = (int.Parse(limit.Minimum!, null), int.Parse(limit.Maximum!, null));
        await AssertStatusesAsync(path, "limit", ($"{minimum}", 200), ($"{maximum}", 200), ($"{minimum - 1}", 400), ($"{maximum + 1}", 400));

        foreach (var parameter in GetQueryParameters(path).Where(parameter => parameter.Name != "space_token"))
        {
            if ((parameter.Schema!.MaxLength ?? parameter.Schema.Items?.MaxLength) is { } length)
            {
                await AssertStatusesAsync(path, parameter.Name!, (new('a', length), 200), (new('a', length + 1), 400));
            }
        }
    }

    [TestCase(AnalyticsPath), TestCase(TasksPath)]
    public async Task AListIsGivenAsDocumented(string path)
    {
        var lists = GetQueryParameters(path).Where(parameter => parameter.Schema!.Type == JsonSchemaType.Array).ToList();
        Assert.That(lists.Where(list => list.Explode).Select(list => list.Name), Is.EqualTo(["agent"]));
        foreach (var list in lists.Where(list => !list.Explode))
        {
            var words = WordsOf(list)!;
            await AssertStatusesAsync(path, list.Name!, ($"{words[0]},{words[^1]}", 200), ($"{words[0]}&{list.Name}={words[^1]}", 400));
        }

        Assert.That(await TasksOfAsync("agent=asha&agent=ben"), Is.EqualTo(await TasksOfAsync("agent=asha") + await TasksOfAsync("agent=ben")).And.GreaterThan(0));
        Assert.That(await TasksOfAsync("agent=asha,ben"), Is.Zero);
    }

    [TestCase("Org-Handle", Handle.MaxLength)]
    [TestCase("Product-Id", Product.MaxLength)]
    [TestCase("space_token", SpaceToken.MaxLength)]
    public void TheDocumentedRuleIsTheRealOne(string input, int maxLength)
    {
        Func<string, bool> isValid = input switch { "Org-Handle" => Handle.IsValid, "Product-Id" => Product.IsValid, _ => SpaceToken.IsValid };
        var schema = GetOperation(AnalyticsPath).Parameters!.Single(parameter => parameter.Name == input).Schema!;
        var characters = Enumerable.Range(1, 0x17f).Select(code => $"a{(char)code}a").ToList();

        Assert.That(schema.Type, Is.EqualTo(JsonSchemaType.String));
        Assert.That(characters.Where(text => Regex.IsMatch(text, schema.Pattern!, RegexOptions.None, TimeSpan.FromSeconds(1))), Is.EqualTo(characters.Where(isValid)));
        Assert.That(schema.MaxLength, Is.EqualTo(maxLength));
        Assert.That(isValid(new string('a', maxLength)) && !isValid(new string('a', maxLength + 1)));
    }

    [TestCase(AnalyticsPath), TestCase(TasksPath), TestCase(StreamPath)]
    public void TheDocumentedRequestIsTheExampleOfEachInput(string path)
    {
        // The page sends examples, and defaults too.
        var sent = GetOperation(path).Parameters!.Where(input => (input.Example ?? input.Schema!.Default) is not null).ToDictionary(input => input.Name!, input => $"{input.Example}", StringComparer.Ordinal);

        Assert.That(sent, Is.EquivalentTo(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["space_token"] = DemoData.SpaceToken,
            ["Org-Handle"] = DemoData.Handle,
            ["Product-Id"] = Product.Default,
        }));
    }

    private static string[]? WordsOf(IOpenApiParameter parameter) =>
        (parameter.Schema!.Enum ?? parameter.Schema.Items?.Enum) is { Count: > 0 } words ? [.. words.Select(word => word.GetValue<string>())] : null;

    private IEnumerable<string> NamesOf(string path) => GetQueryParameters(path).Select(parameter => parameter.Name!);

    private async Task<int> TasksOfAsync(string query) => (int)(await SendAsync(AnalyticsPath, query)).Json["data"]!["call_status"]!["total_tasks"]!;

    private async Task AssertStatusesAsync(string path, string name, params (string Value, int Status)[] cases)
    {
        foreach (var (value, status) in cases)
        {
            Assert.That((await SendAsync(path, $"{name}={value}")).Status, Is.EqualTo(status), $"{name}={value}");
        }
    }

    [GeneratedRegex("(?<=Default: `)[^`]+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Default();
}
