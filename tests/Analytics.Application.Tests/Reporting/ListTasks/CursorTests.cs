using Analytics.Application.Reporting.ListTasks;
using Analytics.Application.Rollups;
using Analytics.Domain;

namespace Analytics.Application.Tests.Reporting.ListTasks;

/// <summary>A cursor's values are validated like parameters, even if its checksum is right.</summary>
internal sealed class CursorTests
{
    private const long Day = 1_767_225_600_000;

    [TestCase(null, null, Day, "t"), TestCase(Day, null, Day, "t"), TestCase(null, Day, Day - 1, "t"),
        TestCase(Day, Day + 900_000, Day, "\u00E4")]
    public void Cursor_is_parsed_to_the_same_values(long? from, long? to, long createdAt, string taskId)
    {
        var cursor = CreateCursor(from, to, createdAt, taskId);

        Assert.That(Cursor.TryParse(cursor.ToString()), Is.EqualTo(cursor));
    }

    [TestCase(Day + 1, null, Day + 2, "t"), TestCase(null, Day + 1, Day, "t"), TestCase(Day, Day, Day, "t")]
    [TestCase(Day, null, Day - 1, "t"), TestCase(null, Day, Day, "t"), TestCase(-9_000_000_000_000_000_000, null, Day, "t")]
    [TestCase(null, 9_000_000_000_000_000_000, Day, "t"), TestCase(null, null, Day, "a\u0000"), TestCase(null, null, Day, "a\nb")]
    public void Invalid_value_is_rejected(long? from, long? to, long createdAt, string taskId) =>
        Assert.That(Cursor.TryParse(CreateCursor(from, to, createdAt, taskId).ToString()), Is.Null);

    [Test]
    public void Task_id_longer_than_any_is_rejected() =>
        Assert.That(Cursor.TryParse(CreateCursor(null, null, Day, new string('a', 129)).ToString()), Is.Null);

    private static Cursor CreateCursor(long? from, long? to, long createdAt, string taskId) =>
        new(new TimeRange(ToTimestamp(from), ToTimestamp(to)), "fingerprint", new KeysetPosition(createdAt, taskId));

    private static Timestamp? ToTimestamp(long? milliseconds) => milliseconds is { } value ? new Timestamp(value) : null;
}
