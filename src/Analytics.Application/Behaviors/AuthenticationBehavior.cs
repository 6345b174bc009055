using Analytics.Application.Requests;

namespace Analytics.Application.Behaviors;

internal sealed class AuthenticationBehavior<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IUserRequest
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        request.UserId is null ? throw new UnauthenticatedException() : next();
}

public sealed class UnauthenticatedException() : Exception("The request was dispatched without a user.");
