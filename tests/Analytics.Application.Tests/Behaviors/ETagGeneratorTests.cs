using Analytics.Application.Behaviors;
using Analytics.Application.Organisations;

namespace Analytics.Application.Tests.Behaviors;

internal sealed class ETagGeneratorTests
{
    private static readonly OrganisationVersion Version = new(7, "stamp");

    [Test]
    public void ETag_depends_on_every_input()
    {
        var etags = new[]
        {
            ETagGenerator.Create(1, Version, "unpod.dev", "q", "json"),
            ETagGenerator.Create(2, Version, "unpod.dev", "q", "json"),
            ETagGenerator.Create(1, Version with { Revision = 8 }, "unpod.dev", "q", "json"),
            ETagGenerator.Create(1, Version with { Stamp = "other" }, "unpod.dev", "q", "json"),
            ETagGenerator.Create(1, Version, "unpod.tv", "q", "json"),
            ETagGenerator.Create(1, Version, "unpod.dev", "p", "json"),
            ETagGenerator.Create(1, Version, "unpod.dev", "q", "csv"),
        };

        Assert.That(etags, Is.Unique);
        Assert.That(ETagGenerator.Create(1, Version, "unpod.dev", "q", "json"), Is.EqualTo(etags[0]));
    }
}
