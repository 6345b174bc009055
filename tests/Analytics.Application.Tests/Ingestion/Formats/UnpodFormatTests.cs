using Analytics.Application.Ingestion.Formats;
using Analytics.Application.Organisations;

namespace Analytics.Application.Tests.Ingestion.Formats;

internal sealed class UnpodFormatTests
{
    private static readonly UnpodFormat Format = new([new Space { OrganisationId = MessyExport.OrganisationId, Id = MessyExport.ContactSpace, Token = "S" }], "unpod.dev");

    [Test]
    public void TheFixtureIsMessyEnough() => Assert.That(MessyExport.Lines, Has.Count.GreaterThanOrEqualTo(200));

    [TestCaseSource(typeof(MessyExport), nameof(MessyExport.Lines))]
    public void EachLineIsReadOrRejectedByName(ExportLine line)
    {
        switch (Format.Read(MessyExport.Bytes(line.Text), MessyExport.ReceivedAt))
        {
            case TaskLine.Accepted(var organisationId, var write):
                Assert.That(write.Content, Is.EqualTo(line.Expected));
                Assert.That(organisationId, Is.EqualTo(MessyExport.OrganisationId));
                break;

            case TaskLine.Rejected(var taskId, var reason):
                Assert.That(reason, Is.EqualTo(line.Reason));
                Assert.That($"{taskId} {reason}", Does.Not.Contain(MessyExport.PersonalName).And.Not.Contain(MessyExport.PersonalNumber));
                break;
        }
    }

    [TestCase("""{"$date":"2026-11-01T09:00:00Z"}""", "2026-11-01T09:00:00.000Z", true)]
    [TestCase("null", "2026-11-01T08:30:00.250Z", true, Description = "the creation time")]
    public void UpdatedAtIsModifiedElseTheCreationTime(string modified, string expected, bool isGiven)
    {
        var line = MessyExport.Lines[0].Text.Replace("""{"$date":"2026-11-01T09:00:00Z"}""", modified, StringComparison.Ordinal);
        var write = ((TaskLine.Accepted)Format.Read(MessyExport.Bytes(line), MessyExport.ReceivedAt)).Write;
        Assert.That((write.UpdatedAt.ToString(), write.HasUpdatedAt), Is.EqualTo((expected, isGiven)));
    }

    [Test]
    public void WithoutAnyTimeBothAreTheTimeOfReceiptAndNotGiven()
    {
        var line = """{"task_id":"T","space_id":"71","status":"pending"}"""u8.ToArray();
        var write = ((TaskLine.Accepted)Format.Read(line, MessyExport.ReceivedAt)).Write;
        Assert.That((write.UpdatedAt, write.HasUpdatedAt, write.HasCreatedAt), Is.EqualTo((MessyExport.ReceivedAt, false, false)));
    }

    [Test]
    public void TasksOfAnotherOrganisationThanTheWantedOneAreRejected()
    {
        var format = new UnpodFormat([new Space { OrganisationId = 5, Id = 71, Token = "S" }], "unpod.dev", onlyOrganisationId: 6);
        Assert.That(format.Read(MessyExport.Bytes(MessyExport.Lines[0].Text), MessyExport.ReceivedAt),
            Is.EqualTo(new TaskLine.Rejected("T1", "space_id names a space of another organisation than the one that is imported.")));
    }
}
