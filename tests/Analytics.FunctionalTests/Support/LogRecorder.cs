using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Analytics.FunctionalTests.Support;

/// <summary>Records the service's log: warnings and worse by default.</summary>
internal sealed class LogRecorder(LogLevel minLevel = LogLevel.Warning) : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Category, string Text, Exception? Exception)> _entries = new();

    private LogLevel MinLevel => minLevel;

    // All entries, in their order.
    public IEnumerable<(LogLevel Level, string Text)> Entries => _entries.Select(entry => (entry.Level, entry.Text));

    // Those that were logged with an exception, and so with its stack.
    public IEnumerable<Exception> Exceptions => _entries.Select(entry => entry.Exception).OfType<Exception>();

    public IEnumerable<string> GetMessages(string category) =>
        _entries.Where(entry => entry.Category.EndsWith(category, StringComparison.Ordinal)).Select(entry => entry.Text);

    public ILogger CreateLogger(string categoryName) => new RecordingLogger(this, categoryName);

    public void Dispose()
    {
        // The entries remain readable after the service has stopped.
    }

    private sealed class RecordingLogger(LogRecorder recorder, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= recorder.MinLevel;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                recorder._entries.Enqueue((logLevel, category, formatter(state, exception), exception));
            }
        }
    }
}
