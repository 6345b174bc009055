using Analytics.Application.Behaviors;
using Analytics.Application.Organisations;

namespace Analytics.Application.Tests.Behaviors;

internal sealed class AnswerTagTests
{
    private static readonly OrganisationVersion Version = new(7, "stamp");

    [Test]
    public void NamesEachPartOfWhatItIsMadeOf()
    {
        var tags = new[]
        {
            ETagGenerator.Create(1, Version, "unpod.dev", "q", "json"),
            ETagGenerator.Create(2, Version, "unpod.dev", "q", "json"),
            ETagGenerator.Create(1, Version with { Revision = 8 }, "unpod.dev", "q", "json"),
            ETagGenerator.Create(1, Version with { Stamp = "other" }, "unpod.dev", "q", "json"),
            ETagGenerator.Create(1, Version, "unpod.tv", "q", "json"),
            ETagGenerator.Create(1, Version, "unpod.dev", "p", "json"),
            ETagGenerator.Create(1, Version, "unpod.dev", "q", "csv"),
        };

        Assert.That(tags, Is.Unique);
        Assert.That(ETagGenerator.Create(1, Version, "unpod.dev", "q", "json"), Is.EqualTo(tags[0]));
    }
}
