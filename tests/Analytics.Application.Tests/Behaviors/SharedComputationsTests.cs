using Analytics.Application.Behaviors;
using Analytics.Application.Organisations;

namespace Analytics.Application.Tests.Behaviors;

internal sealed class SharedComputationsTests
{
    private static readonly OrganisationVersion Version = new(1, "stamp");

    private static readonly SharedComputationKey Key = new(new ResponseCacheKey(5, Version, "unpod.dev", ""), IsStreaming: false);

    [Test]
    public async Task Failure_fails_only_the_requests_that_waited_for_it()
    {
        var computations = new SharedComputations();
        var computation = new TaskCompletionSource<Versioned>();
        var requests = Enumerable.Range(0, 3)
            .Select(_ => computations.GetAsync(Key, () => computation.Task, CancellationToken.None)).ToList();
        computation.SetException(new TimeoutException());

        foreach (var request in requests)
        {
            Assert.That(async () => await request, Throws.TypeOf<TimeoutException>());
        }

        var (_, isShared) = await computations.GetAsync(
            Key, () => Task.FromResult<Versioned>(new Versioned<int>(Version, value: 1)), CancellationToken.None);
        Assert.That(isShared, Is.False);
    }
}
