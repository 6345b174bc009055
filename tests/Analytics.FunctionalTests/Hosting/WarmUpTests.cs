using System.Collections.Concurrent;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Hosting;

/// <summary>The requests that the service runs before it is ready.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class WarmUpTests(DatabaseEngine engine)
{
    private ScratchDatabase _database = null!;

    [SetUp]
    public async Task CreateDatabaseAsync() => _database = await Acme.CreateDatabaseAsync(engine);

    [TearDown]
    public async Task DropDatabaseAsync() => await _database.DisposeAsync();

    [TestCase(Acme.MemberUserId), TestCase(PushRequest.EditorUserId)]
    public async Task Warm_up_spends_no_read_of_a_member(string userId)
    {
        await using var service = AnalyticsService.Start(_database, ("RateLimit:Enabled", null), ("RateLimit:ReadsPerMinute", "3"));

        var reply = await service.SendAsync(new AnalyticsRequest { Authorization = Tokens.CreateAuthorization(userId) });

        Assert.That(reply.Status, Is.EqualTo(200));
        Assert.That(reply["RateLimit"], Does.StartWith("\"reads\";r=2;"));
    }

    [Test]
    public async Task Warm_up_runs_statements_of_the_totals_and_of_the_rollups()
    {
        var handled = new ConcurrentQueue<GetAnalyticsQuery>();
        await using var service = AnalyticsService.Start(
            _database, services => services.AddSingleton(handled).AddScoped(typeof(IPipelineBehavior<,>), typeof(RecordBehavior<,>)));

        Assert.That(handled.Select(query => query.Plan.IsTotalsOnly), Does.Contain(true).And.Contain(false));
    }

    // Behind all behaviors of the service, and so only for what is not cached.
    private sealed class RecordBehavior<TRequest, TResponse>(ConcurrentQueue<GetAnalyticsQuery> handled)
        : IPipelineBehavior<TRequest, TResponse>
    {
        public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
        {
            if (request is GetAnalyticsQuery query)
            {
                handled.Enqueue(query);
            }

            return next();
        }
    }
}
