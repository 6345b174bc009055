namespace Analytics.Application.Organisations;

/// <summary>An answer, labelled with the version that the statement that returned its numbers saw.</summary>
/// <typeparam name="T">The answer.</typeparam>
public sealed record Versioned<T> : IVersioned<Versioned<T>>
{
    private Versioned()
    {
    }

    /// <summary>An answer and the version that its numbers are of.</summary>
    /// <param name="version">The version.</param>
    /// <param name="value">The answer.</param>
    /// <param name="cacheSize">How many rows it has, each as large as the documented answer.</param>
    public Versioned(OrganisationVersion version, T value, int cacheSize = 1) => (Version, Value, CacheSize) = (version, value, cacheSize);

    /// <summary>The version that the numbers are of.</summary>
    public OrganisationVersion Version { get; private init; }

    /// <summary>The answer's tag; the pipeline fills it in.</summary>
    public string ETag { get; private init; } = "";

    /// <summary>The answer; absent when the caller already holds it.</summary>
    public T? Value { get; private init; }

    /// <inheritdoc />
    public int CacheSize { get; private init; }

    /// <summary>What the answer was written as, kept with it: one from memory need not be written again.</summary>
    public SerializedBody SerializedBody { get; } = new();

    /// <inheritdoc />
    public Versioned<T> WithETag(string etag) => this with { ETag = etag };

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Value is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;

    /// <inheritdoc />
    public static Versioned<T> NotModified(OrganisationVersion version, string etag) => new() { Version = version, ETag = etag };
}

/// <summary>What the pipeline needs of a versioned answer, whatever its value.</summary>
/// <typeparam name="TSelf">The versioned answer.</typeparam>
public interface IVersioned<TSelf>
    where TSelf : IVersioned<TSelf>
{
    /// <summary>The version that the numbers are of.</summary>
    OrganisationVersion Version { get; }

    /// <summary>How many rows the answer has, each as large as the documented one.</summary>
    int CacheSize { get; }

    /// <summary>This answer under its tag.</summary>
    TSelf WithETag(string etag);

    /// <summary>Closes what an answer holds open that nobody waits for any more.</summary>
    ValueTask DisposeAsync();

    /// <summary>The answer to a caller that already holds it: a tag without a value.</summary>
    static abstract TSelf NotModified(OrganisationVersion version, string etag);
}

/// <summary>The bytes that an answer was written as.</summary>
public sealed class SerializedBody
{
    private volatile byte[]? _body;

    /// <summary>The answer as it was written before, or as it is written now.</summary>
    public byte[] GetOrAdd(Func<byte[]> serialize) => _body ??= serialize();
}
