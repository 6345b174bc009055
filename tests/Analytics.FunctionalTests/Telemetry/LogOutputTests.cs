using System.Diagnostics;
using System.Text;
using Analytics.Api.Telemetry;
using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests.Telemetry;

/// <summary>The log on an output that is blocked or that fails.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[NonParallelizable]
internal sealed class LogOutputTests
{
    // Four fit in a queue.
    private const int LongLine = 1024 * 1024;

    private readonly TestStream _stream = new();
    private LogOutput _output = null!;

    [SetUp]
    public void Open() =>
        _output = new LogOutput(_stream, (accessLines, otherLines) => $"dropped {accessLines} access, {otherLines} other\n");

    [TearDown]
    public void Close()
    {
        _stream.Unblock();
        _output.Dispose();
    }

    [Test]
    public async Task Lines_beyond_each_queue_are_dropped_counted_and_reported_once_when_output_works_again()
    {
        using var measured = new MetricRecorder();
        await BlockAsync();
        for (var line = 0; line < 6; line++)
        {
            _output.Write(CreateLine('a'), isAccessLine: true);
        }

        for (var line = 0; line < 5; line++)
        {
            _output.Write(CreateLine('o'), isAccessLine: false);
        }

        _stream.Unblock();
        _output.Dispose();

        var lines = _stream.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(string.Concat(lines.Select(line => line[0])), Is.EqualTo("fooooaaaad"), "Other lines come first");
        Assert.That(lines[^1], Is.EqualTo("dropped 2 access, 1 other"));
        Assert.That((measured.Sums["analytics.log.dropped kind=access"], measured.Sums["analytics.log.dropped kind=other"]),
            Is.EqualTo((2.0, 1.0)));
    }

    [Test]
    public async Task Blocked_output_delays_neither_writers_nor_disposal()
    {
        await BlockAsync();

        var elapsed = Stopwatch.StartNew();
        _output.Write("never written\n", isAccessLine: false);
        _output.Dispose();

        Assert.That((elapsed.Elapsed < TimeSpan.FromSeconds(10), _stream.IsBlocking), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task Lines_that_cannot_be_written_are_reported_when_output_works_again()
    {
        _stream.IsFull = true;
        _output.Write("lost\n", isAccessLine: true);
        await LinesAndReportsFailAsync(1);
        _output.Write("lost\n", isAccessLine: false);
        await LinesAndReportsFailAsync(2);

        _stream.IsFull = false;
        _output.Write("kept\n", isAccessLine: false);
        _output.Dispose();

        Assert.That(_stream.Text, Is.EqualTo("kept\ndropped 1 access, 1 other\n"));
    }

    // Each line fails first, then the report of it.
    private Task LinesAndReportsFailAsync(int lines) => Eventually.TrueAsync(() => _stream.FailedWrites >= 2 * lines);

    // Fails, or waits, until the first line is being written.
    private Task BlockAsync()
    {
        _stream.Block();
        _output.Write("first\n", isAccessLine: true);
        return Eventually.TrueAsync(() => _stream.IsBlocking);
    }

    private static string CreateLine(char kind) => new string(kind, LongLine - 1) + '\n';

    private sealed class TestStream : MemoryStream
    {
        private readonly ManualResetEventSlim _unblocked = new(initialState: true);

        public volatile bool IsFull;
        public volatile bool IsBlocking;
        public volatile int FailedWrites;

        public string Text => Encoding.UTF8.GetString(ToArray());

        public void Block() => _unblocked.Reset();

        public void Unblock() => _unblocked.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (IsFull)
            {
                FailedWrites++;
                throw new IOException("No space left on device.");
            }

            IsBlocking = !_unblocked.IsSet;
            _unblocked.Wait();
            IsBlocking = false;
            base.Write(buffer);
        }
    }
}
