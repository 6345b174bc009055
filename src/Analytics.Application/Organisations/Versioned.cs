namespace Analytics.Application.Organisations;

/// <summary>An answer, labelled with the version that the statement that returned its numbers saw.</summary>
/// <typeparam name="T">The answer.</typeparam>
public sealed record Versioned<T> : IVersioned<Versioned<T>>
{
    private Versioned()
    {
    }

    /// <summary>An answer and the version that its numbers are of.</summary>
    public Versioned(OrganisationVersion version, T value) => (Version, Value) = (version, value);

    /// <summary>The version that the numbers are of.</summary>
    public OrganisationVersion Version { get; private init; }

    /// <summary>The answer's tag; the pipeline fills it in.</summary>
    public string Tag { get; private init; } = "";

    /// <summary>The answer; absent when the caller already holds it.</summary>
    public T? Value { get; private init; }

    /// <inheritdoc />
    public Versioned<T> Tagged(string tag) => this with { Tag = tag };

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

    /// <summary>This answer under its tag.</summary>
    TSelf Tagged(string tag);

    /// <summary>The answer to a caller that already holds it: a tag without a value.</summary>
    static abstract TSelf AlreadyKnown(OrganisationVersion version, string tag);
}
