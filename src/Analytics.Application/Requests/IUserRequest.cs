using FluentValidation.Results;

namespace Analytics.Application.Requests;

/// <summary>
/// A request of an authenticated user. The pipeline (<see cref="DependencyInjection"/>) produces its 401 and 400, and ends it at its
/// deadline.
/// </summary>
public interface IUserRequest
{
    /// <summary>Null without authentication.</summary>
    string? UserId { get; }

    /// <summary>The errors that were found when the query parameters were parsed.</summary>
    IReadOnlyList<ValidationFailure> Errors => [];
}
