using System.Data.Common;
using Analytics.Application.Storage;
using Moq;

namespace Analytics.Application.Tests.Storage;

/// <summary>What follows the error of a read-only connection.</summary>
internal sealed class WriteTransactionRunnerTests
{
    private readonly ManualClock _clock = new();
    private Mock<ITaskStore> _store = null!;
    private WriteTransactionRunner _runner = null!;

    [SetUp]
    public void CreateRunner()
    {
        _store = new Mock<ITaskStore>();
        _store.Setup(store => store.IsReadOnly(It.IsAny<ReadOnlyException>())).Returns(true);
        _runner = new WriteTransactionRunner(_store.Object, _clock);
    }

    [Test]
    public async Task Write_on_a_read_only_connection_is_run_again_on_a_new_one()
    {
        _store.SetupSequence(store => store.BeginAsync(It.IsAny<CancellationToken>()))
            .ThrowsAsync(new ReadOnlyException())
            .ReturnsAsync(new WriteTransaction(Mock.Of<DbConnection>(), Mock.Of<DbTransaction>()));

        Assert.That(await _runner.RunAsync((_, _) => Task.FromResult(7), CancellationToken.None), Is.EqualTo(7));
        _store.Verify(store => store.ClearPool(), Times.Once);
    }

    [Test]
    public void Pool_of_a_read_only_database_is_cleared_at_most_once_a_second()
    {
        _store.Setup(store => store.BeginAsync(It.IsAny<CancellationToken>())).ThrowsAsync(new ReadOnlyException());
        for (var i = 0; i <= 15; i++)
        {
            Assert.That(() => _runner.RunAsync((_, _) => Task.FromResult(7), CancellationToken.None), Throws.TypeOf<ReadOnlyException>());
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        _store.Verify(store => store.ClearPool(), Times.Exactly(2));
        _store.Verify(store => store.BeginAsync(It.IsAny<CancellationToken>()), Times.Exactly(16 + 2));
    }

    [Test]
    public void Other_error_leaves_the_pool()
    {
        _store.Setup(store => store.BeginAsync(It.IsAny<CancellationToken>())).ThrowsAsync(new OtherException());

        Assert.That(() => _runner.RunAsync((_, _) => Task.FromResult(7), CancellationToken.None), Throws.TypeOf<OtherException>());
        _store.Verify(store => store.ClearPool(), Times.Never);
    }

    private sealed class ReadOnlyException : DbException;

    private sealed class OtherException : DbException;

    private sealed class ManualClock : TimeProvider
    {
        private long _timestamp;

        public void Advance(TimeSpan time) => _timestamp += time.Ticks * TimestampFrequency / TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _timestamp;
    }
}
