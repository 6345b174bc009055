using Analytics.Application.Organisations;
using MediatR;

namespace Analytics.Application.Pipeline;

/// <summary>Lets a request to the database when there is a place for it; one that finds too many before it sends no statement.</summary>
internal sealed class TakePlace<TRequest, TResponse>(DatabasePlaces places) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationRequest
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        using var place = request switch
        {
            IOrganisationQuestion { IsOfStream: true } => await places.TakeForStreamAsync(cancellationToken),
            IOrganisationQuestion => await places.TakeForQuestionAsync(cancellationToken),
            _ => places.LetWriterIn(),
        };
        return await next();
    }
}
