using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Analytics.FunctionalTests.Support;

/// <summary>What the service warns of, and worse, unless less is asked for.</summary>
internal sealed class Warnings(LogLevel min = LogLevel.Warning) : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Category, string Text)> _all = new();

    private LogLevel Least => min;

    /// <summary>All of them, as they came.</summary>
    public IEnumerable<(LogLevel Level, string Text)> All => _all.Select(warning => (warning.Level, warning.Text));

    public IEnumerable<string> Of(string category) =>
        _all.Where(warning => warning.Category.EndsWith(category, StringComparison.Ordinal)).Select(warning => warning.Text);

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void Dispose()
    {
        // They are read after the service has ended too.
    }

    private sealed class Writer(Warnings warnings, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= warnings.Least;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                warnings._all.Enqueue((logLevel, category, formatter(state, exception)));
            }
        }
    }
}
