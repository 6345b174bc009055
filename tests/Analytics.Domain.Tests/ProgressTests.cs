using Analytics.Domain.Tasks;

namespace Analytics.Domain.Tests;

internal sealed class ProgressTests
{
    [TestCase("pending", Progress.Pending)]
    [TestCase(" In_Progress", Progress.InProgress)]
    [TestCase("COMPLETED", Progress.Completed)]
    [TestCase("failed ", Progress.Failed)]
    [TestCase("hold", Progress.Other)]
    [TestCase("partially_completed", Progress.Other)]
    [TestCase("processing", Progress.Other)]
    [TestCase("scheduled", Progress.Other)]
    [TestCase("in progress", Progress.Other)]
    public void StatusesAreComparedWithoutCaseAndSurroundingBlanks(string status, Progress expected) =>
        Assert.That(Progresses.Of(status), Is.EqualTo(expected));
}
