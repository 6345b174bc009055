using Analytics.Domain.Tasks;

namespace Analytics.Domain.Tests.Tasks;

internal sealed class TaskWriteTests
{
    private static readonly Timestamp Now = new(1_000_000);
    private static readonly TaskContent Content = TestTasks.Example;
    private static readonly StoredTask Stored = new("t", new Timestamp(500), Content);

    [Test]
    public void Older_write_is_ignored() =>
        Assert.That(Write(At(499), Content with { Status = "failed" }).ApplyTo(Stored), Is.EqualTo(Stored));

    [Test]
    public void Equal_UpdatedAt_with_different_content_replaces_the_task() =>
        Assert.That(
            Write(At(500), Content with { Status = "failed" }).ApplyTo(Stored),
            Is.EqualTo(Stored with { Content = Content with { Status = "failed" } }));

    [Test]
    public void Newer_UpdatedAt_is_stored_even_if_content_is_equal() =>
        Assert.That(Write(At(501), Content).ApplyTo(Stored), Is.EqualTo(Stored with { UpdatedAt = new Timestamp(501) }));

    [Test]
    public void Equal_content_without_UpdatedAt_changes_nothing() =>
        Assert.That(Write(null, Content).ApplyTo(Stored), Is.EqualTo(Stored));

    [Test]
    public void Different_content_without_UpdatedAt_gets_the_receipt_time() =>
        Assert.That(
            Write(null, Content with { Label = "x" }).ApplyTo(Stored),
            Is.EqualTo(new StoredTask("t", Now, Content with { Label = "x" })));

    [Test]
    public void Missing_CreatedAt_keeps_the_stored_one()
    {
        var write = Write(At(501), Content with { CreatedAt = Now, Label = "x" }) with { HasCreatedAt = false };
        Assert.That(write.ApplyTo(Stored).Content, Is.EqualTo(Content with { Label = "x" }));
        Assert.That(write.ApplyTo(null).Content!.CreatedAt, Is.EqualTo(Now));
    }

    [Test]
    public void Deletion_leaves_a_tombstone_that_older_writes_do_not_undo()
    {
        var deleted = Write(At(600), null).ApplyTo(Stored);
        Assert.That(deleted, Is.EqualTo(new StoredTask("t", new Timestamp(600), null)));
        Assert.That(Write(At(599), Content).ApplyTo(deleted), Is.EqualTo(deleted));
        Assert.That(Write(At(600), Content).ApplyTo(deleted).Content, Is.EqualTo(Content));
    }

    [Test]
    public void Deletion_without_CreatedAt_leaves_a_tombstone() =>
        Assert.That((Write(At(600), null) with { HasCreatedAt = false }).ApplyTo(Stored).Content, Is.Null);

    [Test]
    public void Deletion_of_an_unknown_task_leaves_a_tombstone() =>
        Assert.That(Write(At(600), null).ApplyTo(null), Is.EqualTo(new StoredTask("t", new Timestamp(600), null)));

    [Test]
    public void Write_effect_depends_on_the_stored_task_before_and_after()
    {
        var tombstone = Stored with { Content = null };
        Assert.That(WriteEffects.Determine(null, Stored), Is.EqualTo(WriteEffect.Inserted));
        Assert.That(WriteEffects.Determine(tombstone, Stored), Is.EqualTo(WriteEffect.Inserted));
        Assert.That(WriteEffects.Determine(Stored, Stored with { UpdatedAt = Now }), Is.EqualTo(WriteEffect.Updated));
        Assert.That(WriteEffects.Determine(Stored, tombstone), Is.EqualTo(WriteEffect.Updated));
        Assert.That(WriteEffects.Determine(Stored, Stored with { }), Is.EqualTo(WriteEffect.Unchanged));
        Assert.That(WriteEffects.Determine(null, tombstone), Is.EqualTo(WriteEffect.Unchanged));
        Assert.That(WriteEffects.Determine(tombstone, tombstone with { UpdatedAt = Now }), Is.EqualTo(WriteEffect.Unchanged));
    }

    private static Timestamp? At(long milliseconds) => new Timestamp(milliseconds);

    private static TaskWrite Write(Timestamp? updatedAt, TaskContent? content) => new()
    {
        TaskId = "t",
        UpdatedAt = updatedAt ?? Now,
        HasUpdatedAt = updatedAt is not null,
        Content = content,
        HasCreatedAt = true,
    };
}
