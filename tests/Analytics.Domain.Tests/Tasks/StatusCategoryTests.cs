using Analytics.Domain.Tasks;

namespace Analytics.Domain.Tests.Tasks;

internal sealed class StatusCategoryTests
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
    public void Status_comparison_ignores_case_and_surrounding_blanks(string status, StatusCategory expected) =>
        Assert.That(StatusCategories.Parse(status), Is.EqualTo(expected));
}
