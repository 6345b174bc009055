using Analytics.Application.Metering;
using Analytics.Application.Organisations;
using MediatR;

namespace Analytics.Application.Pipeline;

/// <summary>Labels each answer with its tag, and spares the numbers' statement when the caller already holds the answer.</summary>
internal sealed class TagAnswer<TRequest, TResponse>(CurrentOrganisation organisation) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationRequest, IOrganisationQuestion
    where TResponse : IVersioned<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var tag = TagOf(request, organisation.Version);
        if (request.Scope.KnownTags.Contains(tag))
        {
            ServiceMeter.Answered(AnswerSource.Caller);
            return TResponse.AlreadyKnown(organisation.Version, tag);
        }

        // A write may have come between: the tag names the version that the numbers are of, not the one that was resolved.
        var answer = await next();
        return answer.Tagged(answer.Version == organisation.Version ? tag : TagOf(request, answer.Version));
    }

    private string TagOf(TRequest request, OrganisationVersion version) =>
        AnswerTag.Of(organisation.Id, version, request.Scope.Product, request.Question, request.Representation);
}
