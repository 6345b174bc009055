namespace Analytics.Domain.Tests;

internal sealed class FieldRulesTests
{
    private static readonly Timestamp ReceivedAt = new(1_800_000_000_000);

    [TestCase(null, "id is missing.")]
    [TestCase("   ", "id is missing.")]
    [TestCase(" x", "id has blanks around it.")]
    [TestCase("x\u00A0", "id has blanks around it.")]
    [TestCase("x\ty", "id has a control character in it.")]
    [TestCase("x\u0085y", "id has a control character in it.")]
    [TestCase("x\U0001F600", null)]
    public void IdsAreRequiredAndClean(string? id, string? reason)
    {
        var rules = new FieldValidator();
        rules.RequiredId("id", id);
        Assert.That(rules.Error, Is.EqualTo(reason));
    }

    [Test]
    public void IdsHaveNoUnpairedSurrogate()
    {
        foreach (var id in new[] { "x\uD800y", "x\uDC00", "\uD83D" })
        {
            var rules = new FieldValidator();
            rules.RequiredId("id", id);
            Assert.That(rules.Error, Is.EqualTo("id has an unpaired surrogate in it."));
        }
    }

    [TestCase(128, false)]
    [TestCase(129, true)]
    public void IdsHaveAtMost128Characters(int length, bool isRejected)
    {
        var rules = new FieldValidator();
        rules.Id("run_id", new string('x', length));
        Assert.That(rules.Error, Is.EqualTo(isRejected ? "run_id is longer than 128 characters." : null));
    }

    [TestCase(100, false)]
    [TestCase(101, true)]
    public void WordsHaveAtMost100Characters(int length, bool isRejected)
    {
        var rules = new FieldValidator();
        rules.RequiredString("status", new string('x', length));
        Assert.That(rules.Error, Is.EqualTo(isRejected ? "status is longer than 100 characters." : null));
    }

    [Test]
    public void WordsAreKeptAsGivenAndBlanksAroundAnAgentAreCut()
    {
        var rules = new FieldValidator();
        Assert.That(rules.RequiredString("status", " Completed "), Is.EqualTo(" Completed "));
        Assert.That(rules.Agent("agent", " asha "), Is.EqualTo("asha"));
        Assert.That(rules.Error, Is.Null);
    }

    [TestCase(-1, "created_at is before 1970.")]
    [TestCase(0, null)]
    [TestCase(1_800_000_000_000 + 86_400_000, null)]
    [TestCase(1_800_000_000_000 + 86_400_001, "created_at is more than 24 h ahead.")]
    public void TimesAreFrom1970ToADayAhead(long time, string? reason)
    {
        var rules = new FieldValidator();
        rules.Time("created_at", new Timestamp(time), ReceivedAt);
        Assert.That(rules.Error, Is.EqualTo(reason));
    }

    [TestCase("unpod.dev", null)]
    [TestCase("", "product_id must be 1-100 ASCII letters, digits, '.', '-' or '_'.")]
    [TestCase("a b", "product_id must be 1-100 ASCII letters, digits, '.', '-' or '_'.")]
    public void ProductsAreOfTheirAlphabet(string product, string? reason)
    {
        var rules = new FieldValidator();
        rules.ProductId("product_id", product);
        Assert.That(rules.Error, Is.EqualTo(reason));
    }

    [Test]
    public void TheFirstBrokenRuleIsTheReason()
    {
        var rules = new FieldValidator();
        rules.RequiredId("task_id", null);
        rules.RequiredString("status", null);
        Assert.That(rules.Error, Is.EqualTo("task_id is missing."));
    }
}
