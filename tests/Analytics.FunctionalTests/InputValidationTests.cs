using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests;

/// <summary>Which inputs are accepted, and how they are interpreted.</summary>
internal sealed class InputValidationTests : AcmeFixture
{
    private const string AllValidCharacters = "ABCXYZabcxyz0123456789.-_";
    private const string Utf8E = "\u00C3\u00A9";
    private const string Latin1E = "\u00E9";

    [TestCase("acme.example"), TestCase("  acme.example \t"), TestCase("ACME.Example")]
    public async Task Handle_is_trimmed_and_lower_cased(string handle) =>
        Assert.That(await GetTotalTasksAsync(new() { Handle = handle }), Is.EqualTo(1));

    [TestCase(99, 404), TestCase(100, 400)]
    public async Task Handle_over_99_characters_returns_400(int length, int status) =>
        await AssertStatusAsync(new() { Handle = new('a', length) }, status);

    [TestCase(AllValidCharacters, 404), TestCase("a", 404)]
    [TestCase("a b", 400), TestCase("a/b", 400), TestCase("a,b", 400), TestCase("a:b", 400), TestCase("a@b", 400), TestCase("a'b", 400)]
    [TestCase(Utf8E, 400, Description = "non-ASCII in UTF-8"), TestCase(Latin1E, 400, Description = "non-ASCII in Latin-1")]
    [TestCase("\u00E2\u0084\u00AA", 400, Description = "the Kelvin sign, a k in lower case")]
    public async Task Handle_with_invalid_characters_returns_400(string handle, int status) =>
        await AssertStatusAsync(new() { Handle = handle }, status);

    [TestCase(""), TestCase("   "), TestCase("\t")]
    public async Task Blank_handle_is_treated_as_missing(string handle) =>
        Assert.That((await Service.SendAsync(new AnalyticsRequest { Handle = handle })).Message,
            Is.EqualTo("Org-Handle header is required."));

    [TestCase(null, 1), TestCase("", 1), TestCase("  ", 1), TestCase("unpod.dev", 1), TestCase(" unpod.dev\t", 1)]
    [TestCase("Unpod.dev", 0), TestCase("unpod", 0), TestCase("unpod.dev.", 0)]
    public async Task Product_is_trimmed_and_compared_exactly(string? product, int total) =>
        Assert.That(await GetTotalTasksAsync(new() { Product = product }), Is.EqualTo(total));

    [TestCase(100, 200), TestCase(101, 400)]
    public async Task Product_over_100_characters_returns_400(int length, int status) =>
        await AssertStatusAsync(new() { Product = new('a', length) }, status);

    [TestCase(AllValidCharacters, 200), TestCase("a", 200)]
    [TestCase("a b", 400), TestCase("a/b", 400), TestCase("a,b", 400), TestCase("a%b", 400)]
    [TestCase(Utf8E, 400, Description = "non-ASCII in UTF-8"), TestCase(Latin1E, 400, Description = "non-ASCII in Latin-1")]
    public async Task Product_with_invalid_characters_returns_400(string product, int status) =>
        await AssertStatusAsync(new() { Product = product }, status);

    [TestCase("", 200), TestCase("space_token", 200), TestCase("space_token=", 200), TestCase("space_token=%20%20", 200),
        TestCase("space_token=+", 200)]
    [TestCase("space_token=SALES", 200), TestCase("space_token=S%41LES", 200)]
    [TestCase("space_token=sales", 404), TestCase("space_token=SALE", 404), TestCase("space_token=SALES1", 404)]
    [TestCase("space_token=%20SALES", 400), TestCase("space_token=SALES+", 400)]
    public async Task Space_token_is_compared_exactly(string query, int status) => await AssertStatusAsync(new() { Query = query }, status);

    [TestCase(1, 404), TestCase(30, 404), TestCase(31, 400)]
    public async Task Space_token_over_30_characters_returns_400(int length, int status) =>
        await AssertStatusAsync(new() { SpaceToken = new('A', length) }, status);

    [TestCase("AZaz09", 404)]
    [TestCase("A-B", 400), TestCase("A_B", 400), TestCase("A.B", 400), TestCase("A'B", 400), TestCase("A\0B", 400), TestCase("*", 400)]
    [TestCase("caf\u00E9", 400), TestCase("\u0661", 400, Description = "a digit, but not of ASCII")]
    public async Task Space_token_with_invalid_characters_returns_400(string space, int status) =>
        await AssertStatusAsync(new() { SpaceToken = space }, status);

    [TestCase("Org-Handle", Acme.Handle), TestCase("Org-Handle", "other.example"), TestCase("Org-Handle", "")]
    [TestCase("Product-Id", "unpod.dev"), TestCase("Product-Id", "unpod.tv"), TestCase("Product-Id", "")]
    public async Task Duplicate_header_returns_400(string header, string second)
    {
        var reply = await Service.SendAsync(new AnalyticsRequest { Product = "unpod.dev", Headers = [(header, second)] });

        Assert.That((reply.Status, reply.Message), Is.EqualTo((400, $"{header} must be given only once.")));
    }

    [TestCase("space_token=SALES&space_token=SALES"), TestCase("space_token=SALES&space_token=OTHER"),
        TestCase("space_token=SALES&space_token=")]
    public async Task Duplicate_space_token_returns_400(string query)
    {
        var reply = await Service.SendAsync(new AnalyticsRequest { Query = query });

        Assert.That((reply.Status, reply.Message), Is.EqualTo((400, "space_token must be given only once.")));
    }

    [TestCase("page=2&page=3"), TestCase("space=NOWHERE"), TestCase("organisation_id=2"), TestCase("compere_=x"), TestCase("gnt=x&from=x"),
        TestCase("%2500=%zz")]
    public async Task Unknown_query_parameters_are_ignored(string query) =>
        Assert.That(await GetTotalTasksAsync(new() { Query = query }), Is.EqualTo(1));

    [TestCase("limit=5%00"), TestCase("limit=%09"), TestCase("unknown=%01"), TestCase("%00=1"), TestCase("space_token%00=NOWHERE")]
    public async Task Control_character_in_a_parameter_returns_400_on_every_route(string query)
    {
        string[] paths = [.. new[] { "", "stream/", "tasks/", "definitions/" }.Select(route => AnalyticsRequest.AnalyticsPath + route),
            CatalogueRequests.OrganisationsPath, CatalogueRequests.SpacesPath];
        foreach (var path in paths)
        {
            await AssertStatusAsync(new() { Path = path, Query = query }, 400);
        }
    }

    [Test]
    public async Task Local_day_that_the_zone_skipped_returns_400_on_every_route(
        [Values("?", "?format=csv&", "stream/?", "tasks/?", "tasks/?format=ndjson&")] string route,
        [Values("start_date", "end_date")] string parameter)
    {
        var target = $"{route}{parameter}=2011-12-30&timezone=Pacific/Apia".Split('?');
        var reply = await Service.SendAsync(
            new AnalyticsRequest { Path = AnalyticsRequest.AnalyticsPath + target[0], Query = target[1] });

        Assert.That((reply.Status, reply.Message),
            Is.EqualTo((400, $"{parameter} must not be 2011-12-30, a day that Pacific/Apia skipped.")));
    }

    [TestCase("start_date=2026-01-01&end_date=2026-01-02T00:00:00Z"), TestCase("start_date=2026-01-01T00:00:00Z&end_date=2026-01-02")]
    [TestCase("start_date=2026-01-02&end_date=2026-01-01"), TestCase("start_date=2026-01-02T00:00Z&end_date=2026-01-02T00:00Z")]
    public async Task Dates_that_contradict_each_other_are_both_named(string query)
    {
        foreach (var route in new[] { "", "stream/", "tasks/" })
        {
            var reply = await Service.SendAsync(new AnalyticsRequest { Path = AnalyticsRequest.AnalyticsPath + route, Query = query });

            Assert.That((reply.Status, string.Join(' ', reply.Json["errors"]!.AsObject().Select(error => error.Key))),
                Is.EqualTo((400, "start_date end_date")));
        }
    }

    [TestCase("\u000B"), TestCase("\u001F"), TestCase("\u0085"), TestCase("a\u0001")]
    public async Task Control_character_in_a_header_returns_400(string value)
    {
        var handle = await Service.SendAsync(new AnalyticsRequest { Handle = value });
        var product = await Service.SendAsync(new AnalyticsRequest { Product = value });

        Assert.That((handle.Status, product.Status), Is.EqualTo((400, 400)));
    }

    private async Task<int> GetTotalTasksAsync(AnalyticsRequest request) =>
        (int)(await Service.SendAsync(request)).Json["data"]!["call_status"]!["total_tasks"]!;

    private async Task AssertStatusAsync(AnalyticsRequest request, int status) =>
        Assert.That((int)(await Service.SendAsync(request)).Json["status_code"]!, Is.EqualTo(status));
}
