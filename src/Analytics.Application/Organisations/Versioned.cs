namespace Analytics.Application.Organisations;

/// <summary>The response to a query, with the organisation's version that the statement returned with the data.</summary>
public abstract record Versioned
{
    public OrganisationVersion Version { get; init; }

    /// <summary>Set by the pipeline.</summary>
    public string ETag { get; init; } = "";

    /// <summary>The number of rows, each about as large as the documented response.</summary>
    public int CacheSize { get; init; } = 1;

    /// <summary>Cached with the response, so that a cached response is serialised and compressed once.</summary>
    public SerializedBody SerializedBody { get; } = new();

    /// <summary>Releases what the response of an abandoned request holds, such as a connection.</summary>
    public abstract ValueTask DisposeAsync();
}

public sealed record Versioned<T> : Versioned
{
    /// <summary>A response that the client has already: an ETag without a value.</summary>
    public Versioned()
    {
    }

    public Versioned(OrganisationVersion version, T value, int cacheSize = 1) =>
        (Version, Value, CacheSize) = (version, value, cacheSize);

    public T? Value { get; }

    public override ValueTask DisposeAsync() => Value is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;
}

/// <summary>The bytes of a response in several forms, such as JSON and the same compressed. Each is created once, when first needed.</summary>
public sealed class SerializedBody
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, byte[]> _forms = new(StringComparer.Ordinal);

    public byte[] GetOrAdd(string form, Func<byte[]> create)
    {
        // Concurrent requests wait instead of doing the same work.
        lock (_lock)
        {
            return _forms.TryGetValue(form, out var bytes) ? bytes : _forms[form] = create();
        }
    }
}
