using Analytics.Domain.Tasks;

namespace Analytics.Application.Rollups;

/// <summary>Which tasks a question is about, beside its time. What is absent does not filter.</summary>
public sealed record TaskFilter
{
    /// <summary>All tasks.</summary>
    public static TaskFilter None { get; } = new();

    /// <summary>The token of the one space; absent is every active contact space.</summary>
    public string? SpaceToken { get; init; }

    /// <summary>Any of these agents, ordinal and each once; <c>''</c> is tasks without one.</summary>
    public IReadOnlyList<string>? Agents { get; init; }

    /// <summary>The direction.</summary>
    public Direction? Direction { get; init; }
}
