using System.Text.Json;
using Analytics.ContractTests.Support;

namespace Analytics.ContractTests;

/// <summary>What a caller may read: organisations, spaces, and the definitions of the numbers.</summary>
internal sealed class CatalogueTests
{
    private static readonly string[] Sections = ["call_analytics", "call_status", "reconciliation", "components"];

    private static ApiClient Api => Deployment.Api;

    [Test]
    public async Task Organisations_are_listed_once_by_handle_without_Org_Handle()
    {
        var whole = await Api.SendAsync(new ContractRequest("limit=1000", Routes.Organisations) { Handle = null });
        var handles =
            whole.Data.GetProperty("organisations").EnumerateArray().Select(row => row.GetProperty("handle").GetString()!).ToList();

        Assert.That(whole.Status, Is.EqualTo(200), whole.Explain("The list of organisations needs no Org-Handle."));
        Assert.That(handles, Is.Unique.And.Ordered.Using<string>(string.CompareOrdinal).And.Contains(Deployment.Handle),
            whole.Explain("Organisations are listed once, by handle."));
    }

    [TestCase(Routes.Organisations, "organisations"), TestCase(Routes.Spaces, "spaces")]
    public async Task Small_pages_contain_the_rows_of_a_large_one(string path, string key)
    {
        var (large, small) = await Deployment.ReadAtOneVersionAsync(
            async () => (await Api.GetAsync("limit=12", path), await Pages.ReadAsync("limit=1", path, maxPages: 12)));

        Assert.That(Pages.GetItems(small, key).Select(row => row.GetRawText()),
            Is.EqualTo(Pages.GetItems([large], key).Select(row => row.GetRawText())),
            large.Explain("Pages of one row, one after the other, are the rows of a larger page.", small[0]));
    }

    [Test]
    public async Task Spaces_are_sorted_by_name_then_token()
    {
        var reply = await Api.GetAsync("limit=1000", Routes.Spaces);
        var spaces = reply.Data.GetProperty("spaces").EnumerateArray()
            .Select(space => (Name: space.GetProperty("name").GetString()!, Token: space.GetProperty("token").GetString()!)).ToList();

        Assert.That(spaces.Select(space => space.Token), Is.Unique, reply.Explain("A space is listed once."));
        Assert.That(spaces,
            Is.EqualTo(spaces.OrderBy(space => space.Name, StringComparer.Ordinal).ThenBy(space => space.Token, StringComparer.Ordinal)),
            reply.Explain("Spaces are sorted by name, then by token, by code point."));
    }

    [Test]
    public async Task Every_number_has_a_definition_and_is_in_its_range()
    {
        var definitions = await Api.GetAsync("", Routes.Definitions);
        var byName = definitions.Data.GetProperty("definitions").EnumerateArray()
            .ToDictionary(definition => definition.GetProperty("name").GetString()!, StringComparer.Ordinal);
        var report = await Api.GetAsync("include=reconciliation,components");

        foreach (var section in Sections)
        {
            foreach (var field in report.Data.GetProperty(section).EnumerateObject())
            {
                Assert.That(byName, Does.ContainKey($"{section}.{field.Name}"), definitions.Explain($"{section}.{field.Name} is defined."));
                if (field.Value.ValueKind == JsonValueKind.Number)
                {
                    Assert.That(field.Value.GetDecimal(), Is.InRange(
                        ReadBound(byName[$"{section}.{field.Name}"], "minimum") ?? decimal.MinValue,
                        ReadBound(byName[$"{section}.{field.Name}"], "maximum") ?? decimal.MaxValue),
                        report.Explain($"{section}.{field.Name} is within the range of its definition.", definitions));
                }
            }
        }
    }

    private static decimal? ReadBound(JsonElement definition, string bound) =>
        definition.GetProperty(bound).ValueKind == JsonValueKind.Null ? null : definition.GetProperty(bound).GetDecimal();
}
