using Analytics.Application.Metering;
using Analytics.Application.Organisations;
using MediatR;
using Microsoft.Extensions.Caching.Memory;

namespace Analytics.Application.Pipeline;

/// <summary>
/// Answers a repeated question from memory. What is kept is kept under the version that its numbers are of, and what is
/// asked for is the version that this request's own statement has just seen: an answer from here is never stale.
/// </summary>
internal sealed class AnswerCache<TRequest, TResponse>(KeptAnswers kept, CurrentOrganisation organisation) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IOrganisationRequest, IOrganisationQuestion
    where TResponse : class, IVersioned<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (!request.IsWorthKeeping)
        {
            return await ReadAsync(next);
        }

        var question = new AnsweredQuestion(organisation.Id, organisation.Version, request.Scope.Product, request.Question);
        if (kept.TryGetValue(question, out TResponse? known) && known is not null)
        {
            ServiceMeter.Answered(AnswerSource.Memory);
            return known;
        }

        var answer = await ReadAsync(next);
        return kept.Set(question with { Version = answer.Version }, answer, new MemoryCacheEntryOptions { Size = answer.Rows });
    }

    private static async Task<TResponse> ReadAsync(RequestHandlerDelegate<TResponse> next)
    {
        var answer = await next();
        ServiceMeter.Answered(AnswerSource.Database);
        return answer;
    }
}

/// <summary>What an answer answers.</summary>
internal sealed record AnsweredQuestion(long OrganisationId, OrganisationVersion Version, string Product, string Question);

/// <summary>The answers in memory; those that were asked for longest ago make room.</summary>
/// <param name="most">How many are kept; one with a series or groups counts as one for each row.</param>
internal sealed class KeptAnswers(int most) : MemoryCache(new MemoryCacheOptions { SizeLimit = most, CompactionPercentage = Math.Max(0.05, 1.0 / most) });
