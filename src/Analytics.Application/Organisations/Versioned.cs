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
    /// <param name="rows">How many rows it has, each as large as the documented answer.</param>
    public Versioned(OrganisationVersion version, T value, int rows = 1) => (Version, Value, Rows) = (version, value, rows);

    /// <summary>The version that the numbers are of.</summary>
    public OrganisationVersion Version { get; private init; }

    /// <summary>The answer's tag; the pipeline fills it in.</summary>
    public string Tag { get; private init; } = "";

    /// <summary>The answer; absent when the caller already holds it.</summary>
    public T? Value { get; private init; }

    /// <inheritdoc />
    public int Rows { get; private init; }

    /// <summary>What the answer was written as, kept with it: one from memory need not be written again.</summary>
    public WrittenAnswer Written { get; } = new();

    /// <inheritdoc />
    public Versioned<T> Tagged(string tag) => this with { Tag = tag };

    /// <inheritdoc />
    public ValueTask LetGoAsync() => Value is IAsyncDisposable open ? open.DisposeAsync() : ValueTask.CompletedTask;

    /// <inheritdoc />
    public static Versioned<T> AlreadyKnown(OrganisationVersion version, string tag) => new() { Version = version, Tag = tag };
}

/// <summary>What the pipeline needs of a versioned answer, whatever its value.</summary>
/// <typeparam name="TSelf">The versioned answer.</typeparam>
public interface IVersioned<TSelf>
    where TSelf : IVersioned<TSelf>
{
    /// <summary>The version that the numbers are of.</summary>
    OrganisationVersion Version { get; }

    /// <summary>How many rows the answer has, each as large as the documented one.</summary>
    int Rows { get; }

    /// <summary>This answer under its tag.</summary>
    TSelf Tagged(string tag);

    /// <summary>Closes what an answer holds open that nobody waits for any more.</summary>
    ValueTask LetGoAsync();

    /// <summary>The answer to a caller that already holds it: a tag without a value.</summary>
    static abstract TSelf AlreadyKnown(OrganisationVersion version, string tag);
}

/// <summary>The bytes that an answer was written as.</summary>
public sealed class WrittenAnswer
{
    private volatile byte[]? _body;

    /// <summary>The answer as it was written before, or as it is written now.</summary>
    public byte[] By(Func<byte[]> write) => _body ??= write();
}
