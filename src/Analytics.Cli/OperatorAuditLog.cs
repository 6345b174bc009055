using Analytics.Application.Ingestion;
using Analytics.Application.Observability;
using Microsoft.Extensions.Logging;

namespace Analytics.Cli;

/// <summary>Writes to standard error who did what, one line for each organisation.</summary>
internal sealed class OperatorAuditLog : ILogger<AuditLog>
{
    private readonly Actor _operator = new($"operator {Environment.UserName}", Guid.NewGuid().ToString("N"));
    private readonly CommandContext _context;
    private readonly AuditLog _log;

    public OperatorAuditLog(CommandContext context)
    {
        _context = context;
        _log = new AuditLog(this);
    }

    public void Write(string action, string counts) => _log.Record(_operator, action, counts);

    public void Write(string action, long organisationId, string counts) => _log.Record(_operator, action, organisationId, counts);

    /// <summary>Adds up what an import writes. Disposing records it, also after a failure, because committed batches stay.</summary>
    public ImportedCounts BeginImport(string action) => new(this, action);

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _context.Error.WriteLine($"{Timestamp.Now(TimeProvider.System)} {formatter(state, exception)}");

    internal sealed class ImportedCounts(OperatorAuditLog audit, string action) : IDisposable
    {
        private readonly SortedDictionary<long, WriteCounts> _written = [];

        public WriteCounts Total => _written.Values.Aggregate(WriteCounts.None, (total, counts) => total + counts);

        public void Add(long organisationId, WriteCounts counts) =>
            _written[organisationId] = _written.GetValueOrDefault(organisationId, WriteCounts.None) + counts;

        public void Dispose()
        {
            var changed = _written.Where(organisation => organisation.Value.Inserted + organisation.Value.Updated > 0).ToList();
            foreach (var (organisationId, counts) in changed)
            {
                audit.Write(action, organisationId, counts.ToString());
            }

            if (changed.Count == 0)
            {
                audit.Write(action, $"unchanged {_written.Values.Sum(counts => counts.Unchanged)}");
            }
        }
    }
}
