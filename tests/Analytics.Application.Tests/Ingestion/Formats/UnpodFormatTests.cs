using Analytics.Application.Ingestion.Formats;
using Analytics.Application.Organisations;

namespace Analytics.Application.Tests.Ingestion.Formats;

internal sealed class UnpodFormatTests
{
    private static readonly UnpodFormat Format = new(
        [new Space { OrganisationId = UnpodExportCases.OrganisationId, Id = UnpodExportCases.ContactSpaceId, Token = "S" }], "unpod.dev");

    [Test]
    public void Fixture_has_at_least_200_cases() => Assert.That(UnpodExportCases.Cases, Has.Count.GreaterThanOrEqualTo(200));

    [TestCaseSource(typeof(UnpodExportCases), nameof(UnpodExportCases.Cases))]
    public void Line_is_parsed_or_rejected_with_reason(UnpodExportCase exportCase)
    {
        switch (Format.Read(UnpodExportCases.ToBytes(exportCase.Text), UnpodExportCases.ReceivedAt))
        {
            case TaskLine.Accepted(var organisationId, var write):
                Assert.That(write.Content, Is.EqualTo(exportCase.Expected));
                Assert.That(organisationId, Is.EqualTo(UnpodExportCases.OrganisationId));
                break;

            case TaskLine.Rejected(var taskId, var reason):
                Assert.That(reason, Is.EqualTo(exportCase.Reason));
                Assert.That($"{taskId} {reason}",
                    Does.Not.Contain(UnpodExportCases.PersonalName).And.Not.Contain(UnpodExportCases.PersonalNumber));
                break;
        }
    }

    private const string Modified = """{"$date":"2026-11-01T09:00:00Z"}""";

    [TestCase(Modified, "null", "2026-11-01T09:00:00.000Z")]
    [TestCase(Modified, "\"2026-11-01T09:00:01\"", "2026-11-01T09:00:01.000Z", Description = "a status change does not touch modified")]
    [TestCase(Modified, "\"2026-11-01T08:59:59\"", "2026-11-01T09:00:00.000Z")]
    [TestCase("null", "\"2026-11-01T09:00:01\"", "2026-11-01T09:00:01.000Z")]
    [TestCase("null", "null", "2026-11-01T08:30:00.250Z", Description = "the creation time")]
    public void UpdatedAt_is_the_latest_of_modified_and_last_status_change(string modified, string statusChange, string expected)
    {
        var line = UnpodExportCases.Cases[0].Text.Replace(
            Modified, $"{modified},\"last_status_change\":{statusChange}", StringComparison.Ordinal);
        var write = ((TaskLine.Accepted)Format.Read(UnpodExportCases.ToBytes(line), UnpodExportCases.ReceivedAt)).Write;
        Assert.That((write.UpdatedAt.ToString(), write.HasUpdatedAt), Is.EqualTo((expected, true)));
    }

    [Test]
    public void Missing_times_default_to_receipt_time_and_are_marked_absent()
    {
        var line = """{"task_id":"T","space_id":"71","status":"pending"}"""u8.ToArray();
        var write = ((TaskLine.Accepted)Format.Read(line, UnpodExportCases.ReceivedAt)).Write;
        Assert.That((write.UpdatedAt, write.HasUpdatedAt, write.HasCreatedAt), Is.EqualTo((UnpodExportCases.ReceivedAt, false, false)));
    }

    [Test]
    public void Task_of_another_organisation_is_rejected_by_single_organisation_import()
    {
        var format = new UnpodFormat([new Space { OrganisationId = 5, Id = 71, Token = "S" }], "unpod.dev", onlyOrganisationId: 6);
        Assert.That(format.Read(UnpodExportCases.ToBytes(UnpodExportCases.Cases[0].Text), UnpodExportCases.ReceivedAt),
            Is.EqualTo(new TaskLine.Rejected("T1", "space_id names a space of another organisation than the one that is imported.")));
    }

    [Test]
    public void Ignored_values_of_output_are_counted_for_accepted_lines()
    {
        var format = new UnpodFormat([new Space { OrganisationId = 5, Id = 71, Token = "S" }], "unpod.dev");
        foreach (var (status, output) in new[]
        {
            ("\"completed\"",
                """{"duration":"61,5","transcript":7,"post_call_data":{"summary":"Interested","success_evaluator":"high"}}"""),
            ("\"completed\"", """{"duration":-1,"type":null,"end_time":"soon","post_call_data":[]}"""),
            ("\"completed\"", """{"duration":1,"transcript":["x"],"post_call_data":{"success_evaluator":70}}"""),
            ("\"completed\"", "\"none\""),
            ("null", """{"duration":"rejected"}"""),
        })
        {
            var line = $$"""{"task_id":"T","space_id":71,"status":{{status}},"output":{{output}}}""";
            format.Read(UnpodExportCases.ToBytes(line), UnpodExportCases.ReceivedAt);
        }

        Assert.That(format.IgnoredValues, Is.EqualTo(new Dictionary<string, long>
        {
            ["output"] = 1, ["output.duration"] = 2, ["output.end_time"] = 1, ["output.post_call_data"] = 1,
            ["output.post_call_data.success_evaluator"] = 1, ["output.post_call_data.summary"] = 1, ["output.transcript"] = 1,
        }));
    }
}
