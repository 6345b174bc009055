using System.Text;
using Analytics.Application.Ingestion.Formats;
using Analytics.Application.Organisations;
using Analytics.Domain;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Tests.Ingestion.Formats;

internal sealed class NativeFormatTests
{
    // 2026-11-20T10:00:00Z
    private static readonly Timestamp ReceivedAt = new(1_795_168_800_000);

    private static readonly NativeFormat Format = new(5, [new Space { OrganisationId = 5, Id = 71, Token = "S1" }], "unpod.tv");

    private static readonly string[] ValidFields = ["\"task_id\":\"T\"", "\"space_token\":\"S1\"", "\"status\":\"completed\""];

    [Test]
    public void Every_field_is_parsed() => Assert.That(
        Read("""
            {"task_id":"T","space_token":"S1","status":"completed","execution_type":"Call","product_id":"p","run_id":"r","agent":" a ","direction":"inbound",
             "outcome":"call_back","success_score":7.25,"duration_seconds":61.5,"created_at":"2026-11-01T00:00:00Z","updated_at":"2026-11-01T05:30:00.001+05:30","deleted":false}
            """),
        Is.EqualTo(new TaskLine.Accepted(5, new TaskWrite
        {
            TaskId = "T",
            UpdatedAt = new Timestamp(1_793_491_200_001),
            HasUpdatedAt = true,
            HasCreatedAt = true,
            Content = new TaskContent
            {
                SpaceId = 71,
                ProductId = "p",
                RunId = "r",
                Agent = "a",
                Direction = Direction.Inbound,
                ExecutionType = "Call",
                Status = "completed",
                Label = "call_back",
                Outcome = Outcome.CallBack,
                SuccessScore = 725,
                Duration = 61_500,
                CreatedAt = new Timestamp(1_793_491_200_000),
            },
        })));

    [Test]
    public void Absent_and_null_fields_get_the_same_defaults()
    {
        var absent = Read("""{"task_id":"T","space_token":"S1","status":"pending"}""");
        var isNull =
            Read("""{"task_id":"T","space_token":"S1","status":"pending","execution_type":null,"product_id":null,"run_id":null,"agent":null,"direction":null,"outcome":null,"success_score":null,"duration_seconds":null,"created_at":null,"updated_at":null,"deleted":null}""");
        var write = ((TaskLine.Accepted)absent).Write;
        Assert.That(isNull, Is.EqualTo(absent));
        Assert.That(write.Content, Is.EqualTo(new TaskContent
        {
            SpaceId = 71,
            ProductId = "unpod.tv",
            RunId = "",
            Agent = "",
            Direction = Direction.None,
            ExecutionType = "call",
            Status = "pending",
            Label = null,
            Outcome = Outcome.Other,
            SuccessScore = null,
            Duration = null,
            CreatedAt = ReceivedAt,
        }));
        Assert.That((write.UpdatedAt, write.HasUpdatedAt, write.HasCreatedAt), Is.EqualTo((ReceivedAt, false, false)));
    }

    [TestCase("""{"task_id":"T","deleted":true}""")]
    [TestCase("""{"task_id":"T","deleted":true,"space_token":"unknown","success_score":9999}""")]
    public void Deletion_requires_only_task_id(string line) =>
        Assert.That(((TaskLine.Accepted)Read(line)).Write.Content, Is.Null);

    [TestCase("\"outcome\":\"Interested\",\"status\":\"failed\"", Outcome.Interested)]
    [TestCase("\"outcome\":\"Voicemail\",\"status\":\"failed\"", Outcome.Failed)]
    [TestCase("\"outcome\":\"failed\",\"status\":\"pending\"", Outcome.Other, Description = "a label never overrides the rules")]
    [TestCase("\"outcome\":\"other\",\"status\":\"completed\"", Outcome.Other)]
    public void Outcome_field_is_classified_as_label(string fields, Outcome expected) =>
        Assert.That(((TaskLine.Accepted)Read("{\"task_id\":\"T\",\"space_token\":\"S1\"," + fields + "}")).Write.Content!.Outcome,
            Is.EqualTo(expected));

    [TestCase("\"success_score\":0", 0)]
    [TestCase("\"success_score\":1000", 100_000)]
    [TestCase("\"success_score\":7.250", 725)]
    [TestCase("\"success_score\":7.250000000000000000000000000000000", 725)]
    [TestCase("\"success_score\":0e-40", 0)]
    [TestCase("\"success_score\":-0.0", 0)]
    [TestCase("\"success_score\":100000e-3", 10_000)]
    [TestCase("\"success_score\":1250e-3", 125)]
    [TestCase("\"success_score\":0.00125E3", 125)]
    public void Success_score_is_stored_in_hundredths(string field, int expected) =>
        Assert.That(((TaskLine.Accepted)Read("{\"task_id\":\"T\",\"space_token\":\"S1\",\"status\":\"x\"," + field
            + "}")).Write.Content!.SuccessScore, Is.EqualTo(expected));

    [TestCase("\"status\":null", "T", "status is missing.")]
    [TestCase("\"status\":\" \"", "T", "status is missing.")]
    [TestCase("\"status\":7", "T", "status must be a string.")]
    [TestCase("\"task_id\":7", null, "task_id must be a string.")]
    [TestCase("\"task_id\":null", null, "task_id is missing.")]
    [TestCase("\"task_id\":\"T \"", null, "task_id has blanks around it.")]
    [TestCase("\"space_token\":\"S2\"", "T", "space_token names no space of the organisation: import the space first.")]
    [TestCase("\"space_token\":\"s1\"", "T", "space_token names no space of the organisation: import the space first.")]
    [TestCase("\"product_id\":\"a b\"", "T", "product_id must be 1-100 ASCII letters, digits, '.', '-' or '_'.")]
    [TestCase("\"product_id\":\"\"", "T", "product_id must be 1-100 ASCII letters, digits, '.', '-' or '_'.")]
    [TestCase("\"direction\":\"sideways\"", "T", "direction must be inbound or outbound.")]
    [TestCase("\"direction\":\"Inbound\"", "T", "direction must be inbound or outbound.")]
    [TestCase("\"success_score\":\"7\"", "T", "success_score must be a number.")]
    [TestCase("\"success_score\":-0.01", "T", "success_score must be 0 to 1000.")]
    [TestCase("\"success_score\":1000.01", "T", "success_score must be 0 to 1000.")]
    [TestCase("\"success_score\":1e400", "T", "success_score must be 0 to 1000.")]
    [TestCase("\"success_score\":7.255", "T", "success_score must have at most two decimals.")]
    [TestCase("\"success_score\":7.25000000000000000000000000000001", "T", "success_score must have at most two decimals.")]
    [TestCase("\"success_score\":1e-40", "T", "success_score must have at most two decimals.")]
    [TestCase("\"success_score\":7,\"execution_type\":\"email\"", "T", "success_score is only for calls.")]
    [TestCase("\"success_score\":1e-2147483648", "T", "success_score must have at most two decimals.")]
    [TestCase("\"success_score\":1e-99999999999999999999", "T", "success_score must have at most two decimals.")]
    [TestCase("\"success_score\":-1e-30", "T", "success_score must be 0 to 1000.")]
    [TestCase("\"duration_seconds\":-1", "T", "duration_seconds must be 0 to 604800.")]
    [TestCase("\"duration_seconds\":-1e-30", "T", "duration_seconds must be 0 to 604800.")]
    [TestCase("\"duration_seconds\":-1e-2147483649", "T", "duration_seconds must be 0 to 604800.")]
    [TestCase("\"duration_seconds\":604800.001", "T", "duration_seconds must be 0 to 604800.")]
    [TestCase("\"duration_seconds\":9223372036854775807", "T", "duration_seconds must be 0 to 604800.")]
    [TestCase("\"agent\":\"a\\t\"", "T", "agent has a control character in it.")]
    [TestCase("\"outcome\":\"\\n\"", "T", "outcome has a control character in it.")]
    [TestCase("\"created_at\":\"2026-11-20T10:00:00Z\\u0000\"", "T", "created_at must be an ISO 8601 time.")]
    [TestCase("\"duration_seconds\":\"61\"", "T", "duration_seconds must be a number.")]
    [TestCase("\"created_at\":\"yesterday\"", "T", "created_at must be an ISO 8601 time.")]
    [TestCase("\"created_at\":1793491200", "T", "created_at must be a string.")]
    [TestCase("\"created_at\":\"1969-01-01T00:00:00Z\"", "T", "created_at is before 1970.")]
    [TestCase("\"updated_at\":\"2026-11-21T10:00:00.001Z\"", "T", "updated_at is more than 24 h ahead.")]
    [TestCase("\"deleted\":\"true\"", "T", "deleted must be a boolean.")]
    [TestCase("\"agent\":\"\\ud800\"", "T", "agent has an unpaired surrogate in it.")]
    public void Invalid_line_is_rejected_with_field_and_reason(string field, string? taskId, string reason) =>
        Assert.That(Read("{" + string.Join(",", ValidFields.Where(validField => !field.Contains(
            validField.Split(':')[0], StringComparison.Ordinal)).Append(field)) + "}"), Is.EqualTo(new TaskLine.Rejected(taskId, reason)));

    [Test]
    public void Duplicate_key_is_rejected() =>
        Assert.That(Read("""{"task_id":"T","space_token":"S1","status":"failed","status":"completed"}"""),
            Is.EqualTo(new TaskLine.Rejected("T", "status is given twice.")));

    [TestCase("\"colour\":1", "colour is not a known key")]
    [TestCase("\"Status\":\"x\"", "Status is not a known key")]
    [TestCase("\"\\ud800\":1", "The line has a key that is not known")]
    [TestCase("\"Zebulon Quixote\":1", "The line has a key that is not known")]
    [TestCase("\"919876543210\":1", "The line has a key that is not known")]
    public void Unknown_key_is_named_if_it_looks_like_one(string field, string reason) =>
        Assert.That(((TaskLine.Rejected)Read("{\"task_id\":\"T\",\"space_token\":\"S1\",\"status\":\"completed\"," + field + "}")).Reason,
            Does.StartWith($"{reason}: the keys are task_id, "));

    [TestCase("\"label\":\"Call Back\",\"outcome\":\"interested\"", "Call Back")]
    [TestCase("\"outcome\":\"failed\",\"label\":null", null)]
    [TestCase("\"outcome\":\"Call Back\"", "Call Back")]
    public void Label_key_replaces_outcome_also_where_it_is_null(string fields, string? expected) =>
        Assert.That(((TaskLine.Accepted)Read(
            "{\"task_id\":\"T\",\"space_token\":\"S1\",\"status\":\"completed\",\"space_name\":\"Sales\",\"direction\":\"\"," + fields
                + "}"))
            .Write.Content!.Label, Is.EqualTo(expected));

    private static TaskLine Read(string line) => Format.Read(Encoding.UTF8.GetBytes(line), ReceivedAt);
}
