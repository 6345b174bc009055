using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Analytics.Api.Telemetry;

/// <summary>
/// Replaces the provider of the framework's console logger, whose callers wait while the output is blocked. Its formatters and
/// its settings in <c>Logging:Console</c> stay.
/// </summary>
[ProviderAlias("Console")]
internal sealed partial class QueuedConsole : ILoggerProvider, ISupportExternalScope
{
    private readonly ConsoleFormatter _formatter;
    private readonly LogOutput _output;
    private readonly LogOutput? _errorOutput;
    private readonly LogLevel _errorThreshold;
    private IExternalScopeProvider? _scopes;

    public QueuedConsole(IEnumerable<ConsoleFormatter> formatters, IOptions<ConsoleLoggerOptions> options)
    {
        var byName = formatters.ToDictionary(formatter => formatter.Name, StringComparer.OrdinalIgnoreCase);
        _formatter = byName.GetValueOrDefault(options.Value.FormatterName ?? ConsoleFormatterNames.Simple)
            ?? throw new ConfigurationException(
                $"Logging:Console:FormatterName must be one of {string.Join(", ", byName.Keys.Order(StringComparer.Ordinal))}.");
        _output = new LogOutput(Console.OpenStandardOutput(), DescribeDropped);
        _errorThreshold = options.Value.LogToStandardErrorThreshold;
        _errorOutput = _errorThreshold < LogLevel.None ? new LogOutput(Console.OpenStandardError(), DescribeDropped) : null;
    }

    public ILogger CreateLogger(string categoryName) => new QueueingLogger(this, categoryName, Write);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        _output.Dispose();
        _errorOutput?.Dispose();
    }

    private void Write(LogLevel level, string line, bool isAccessLine) =>
        (_errorOutput is not null && level >= _errorThreshold ? _errorOutput : _output).Write(line, isAccessLine);

    private string DescribeDropped(long accessLines, long otherLines)
    {
        var report = "";
        LogDropped(new QueueingLogger(this, typeof(LogOutput).FullName!, (_, line, _) => report = line), accessLines, otherLines);
        return report;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning,
        Message = "The log's output was blocked: {AccessLines} access lines and {OtherLines} other lines were dropped")]
    private static partial void LogDropped(ILogger log, long accessLines, long otherLines);

    private sealed class QueueingLogger(QueuedConsole console, string category, Action<LogLevel, string, bool> write) : ILogger
    {
        private const int MaxCachedCapacity = 4 * 1024;

        [ThreadStatic]
        private static StringWriter? _text;

        private readonly bool _isAccessLog = category == typeof(AccessLog).FullName;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => console._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            var text = _text ??= new StringWriter(CultureInfo.InvariantCulture);
            console._formatter.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), console._scopes, text);
            var builder = text.GetStringBuilder();
            var line = builder.ToString();
            builder.Clear();
            builder.Capacity = Math.Min(builder.Capacity, MaxCachedCapacity);
            write(logLevel, line, _isAccessLog);
        }
    }
}

internal static class ConsoleLogging
{
    public static ILoggingBuilder AddQueuedConsole(this ILoggingBuilder logging)
    {
        var replaced = logging.Services.Single(service => service.ImplementationType == typeof(ConsoleLoggerProvider));
        logging.Services.Remove(replaced);
        logging.Services.AddSingleton<ILoggerProvider, QueuedConsole>();
        return logging;
    }
}
