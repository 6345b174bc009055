using Analytics.Domain.Tasks;

namespace Analytics.Domain.Tests;

internal sealed class ProgressTests
{
    [TestCase("pending", StatusCategory.Pending)]
    [TestCase(" In_Progress", StatusCategory.InProgress)]
    [TestCase("COMPLETED", StatusCategory.Completed)]
    [TestCase("failed ", StatusCategory.Failed)]
    [TestCase("hold", StatusCategory.Other)]
    [TestCase("partially_completed", StatusCategory.Other)]
    [TestCase("processing", StatusCategory.Other)]
    [TestCase("scheduled", StatusCategory.Other)]
    [TestCase("in progress", StatusCategory.Other)]
    public void StatusesAreComparedWithoutCaseAndSurroundingBlanks(string status, StatusCategory expected) =>
        Assert.That(StatusCategories.Parse(status), Is.EqualTo(expected));
}
