using Analytics.Application.Reporting.ListOrganisations;
using Analytics.Application.Reporting.ListSpaces;
using Analytics.Application.Requests;

namespace Analytics.Application.Tests.Requests;

/// <summary>The text of a cursor, and the positions of the lists without filters.</summary>
internal sealed class CursorTextTests
{
    private const string Values = "spaces\n\u00E4\nS1";

    [Test]
    public void Cursor_is_decoded_to_the_same_values() =>
        Assert.That(CursorText.TryDecode(CursorText.Encode(Values)), Is.EqualTo(new[] { "spaces", "\u00E4", "S1" }));

    [Test]
    public void Changed_cursor_is_rejected()
    {
        var cursor = CursorText.Encode(Values);
        for (var i = 0; i < cursor.Length; i++)
        {
            Assert.That(CursorText.TryDecode(cursor[..i]), Is.Null);
            Assert.That(CursorText.TryDecode($"{cursor[..i]}{(cursor[i] == 'A' ? 'B' : 'A')}{cursor[(i + 1)..]}"), Is.Null);
        }
    }

    [TestCase("="), TestCase(" "), TestCase("%"), TestCase("\u00E4"), TestCase("_w"), TestCase("Cg")]
    public void Text_that_is_no_cursor_is_rejected(string text) => Assert.That(CursorText.TryDecode(text), Is.Null);

    [TestCase("", "S1"), TestCase("\u00E4 b", "S1")]
    public void Position_of_a_space_is_parsed_to_the_same_values(string name, string token)
    {
        var position = new SpacePosition(name, token);

        Assert.That(SpacePosition.TryParse(position.ToString()), Is.EqualTo(position));
    }

    [TestCase("a\nb", "S1"), TestCase("a\u0000", "S1"), TestCase("a", ""), TestCase("a", "S-1"), TestCase(null, "S1")]
    public void Invalid_position_of_a_space_is_rejected(string? name, string token) =>
        Assert.That(SpacePosition.TryParse(new SpacePosition(name ?? new string('a', 256), token).ToString()), Is.Null);

    [TestCase(""), TestCase("ACME.example"), TestCase(" acme.example"), TestCase("a b"), TestCase("acme.example\n")]
    public void Invalid_position_of_an_organisation_is_rejected(string handle) =>
        Assert.That(OrganisationPosition.TryParse(new OrganisationPosition(handle).ToString()), Is.Null);

    [Test]
    public void Position_of_another_list_is_rejected()
    {
        var position = new OrganisationPosition("acme.example");

        Assert.That(OrganisationPosition.TryParse(position.ToString()), Is.EqualTo(position));
        Assert.That(SpacePosition.TryParse(position.ToString()), Is.Null);
        Assert.That(OrganisationPosition.TryParse(new SpacePosition("a", "S1").ToString()), Is.Null);
    }
}
