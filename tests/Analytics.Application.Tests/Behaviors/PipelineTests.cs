using System.Data.Common;
using Analytics.Application.Behaviors;
using Analytics.Application.Concurrency;
using Analytics.Application.Ingestion.PushTasks;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Application.Requests;
using AutoMapper;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Moq;

namespace Analytics.Application.Tests.Behaviors;

/// <summary>The behaviors, with a database that must not be asked.</summary>
internal sealed class PipelineTests
{
    private static readonly OrganisationScope Scope = new("7", "acme.example", StringValues.Empty, []);

    [Test]
    public void BehaviorsRunInTheOrderOfTheList()
    {
        using var services = Services(new Mock<DbDataSource>(MockBehavior.Strict));
        using var scope = services.CreateScope();
        var behaviors = scope.ServiceProvider.GetServices<IPipelineBehavior<GetAnalyticsQuery, Versioned<GetAnalyticsResponse>>>();
        Assert.That(behaviors.Select(behavior => behavior.GetType().Name.Split('`')[0]), Is.EqualTo(new[] { "AnswerInTime", "RequireCaller", "Validation", "TakePlace", "ResolveOrganisation", "TagAnswer", "AnswerCache" }));
    }

    [Test]
    public void AChangePassesItsOwnAndNoQuestions()
    {
        using var services = Services(new Mock<DbDataSource>(MockBehavior.Strict));
        using var scope = services.CreateScope();
        var behaviors = scope.ServiceProvider.GetServices<IPipelineBehavior<PushTasksCommand, PushTasksResponse>>();
        Assert.That(behaviors.Select(behavior => behavior.GetType().Name.Split('`')[0]), Is.EqualTo(new[] { "RequireCaller", "Validation", "TakePlace", "ResolveOrganisation", "RequireWriter", "TakeTurn" }));
    }

    [Test]
    public void ARequestThatIsNotOrganisationScopedPassesNoneOfThem()
    {
        using var services = Services(new Mock<DbDataSource>(MockBehavior.Strict));
        using var scope = services.CreateScope();
        Assert.That(scope.ServiceProvider.GetServices<IPipelineBehavior<PlainRequest, int>>(), Is.Empty);
    }

    [Test]
    public void ARequestWithoutAUserSendsNoStatement() =>
        Assert.ThrowsAsync<UnauthenticatedException>(() => SendAsync(new GetAnalyticsQuery(Scope with { UserId = null, OrgHandle = "" }, RawQuery.Empty, default)));

    [Test]
    public void ABrokenRuleSendsNoStatement() =>
        Assert.ThrowsAsync<ValidationException>(() => SendAsync(new GetAnalyticsQuery(Scope with { OrgHandle = "" }, RawQuery.Empty, default)));

    [Test]
    public void EveryBrokenRuleIsNamedAndTheScopesComeFirst()
    {
        var broken = Assert.ThrowsAsync<ValidationException>(() =>
            SendAsync(new GetAnalyticsQuery(Scope with { OrgHandle = "", ProductId = "a b" }, new RawQuery([("space_token", "A"), ("space_token", "A")]), default)));
        Assert.That(broken!.Errors.Select(error => (error.PropertyName, error.ErrorMessage)), Is.EqualTo(new[]
        {
            ("Org-Handle", "Org-Handle header is required."),
            ("Product-Id", "Product-Id must be 1-100 ASCII letters, digits, '.', '-' or '_'."),
            ("space_token", "space_token must be given only once."),
        }));
    }

    [Test]
    public async Task AWriterIsLetInWhereThereIsRoomAndMakesRoomAgain()
    {
        using var places = new DatabaseConcurrencyLimiter(readLimit: new(1, 0), writeLimit: new(1, 0));
        using var question = await places.AcquireReadAsync(CancellationToken.None);
        var behavior = new ConcurrencyLimitBehavior<Write, int>(places);

        for (var time = 0; time < 2; time++)
        {
            await behavior.Handle(new Write(Scope), CancellationToken.None, () =>
            {
                Assert.That(places.CanAdmitWrite, Is.False);
                Assert.ThrowsAsync<OverloadedException>(() => behavior.Handle(new Write(Scope), CancellationToken.None, () => Task.FromResult(0)));
                return Task.FromResult(0);
            });
            Assert.That(places.CanAdmitWrite);
        }
    }

    [Test]
    public async Task AnOrganisationFillsHalfOfTheQueueOfWriters()
    {
        using var places = new DatabaseConcurrencyLimiter(readLimit: new(1, 0), writeLimit: new(1, 4));
        var atWork = await WriterOf(1);
        var waiting = Enumerable.Range(0, 3).Select(_ => WriterOf(1)).ToList();
        Assert.That(WriterOf(1).Exception?.InnerException, Is.TypeOf<OverloadedException>(), "At once");
        waiting.Add(WriterOf(2));
        Assert.That(waiting, Has.None.Matches<Task>(writer => writer.IsCompleted));

        atWork.Dispose();
        while (waiting.Count > 0)
        {
            var next = await Task.WhenAny(waiting);
            waiting.Remove(next);
            (await next).Dispose();
        }

        Task<IDisposable> WriterOf(long organisationId) => places.AcquireWriteAsync(organisationId, CancellationToken.None).AsTask();
    }

    [Test]
    public async Task WhatComesTooLateIsClosed()
    {
        var answering = new TaskCompletionSource<Versioned<Open>>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var limit = new CancellationTokenSource();
        var asked = new TimeoutBehavior<Ask, Versioned<Open>>(new RequestTimeout(TimeSpan.FromMinutes(1))).Handle(new Ask(Scope), limit.Token, () => answering.Task);

        await limit.CancelAsync();
        Assert.ThrowsAsync<TaskCanceledException>(() => asked);

        var late = new Open();
        answering.SetResult(new(default, late));
        await late.Closed.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task WhoWaitsIsToldInTimeThoughWhatIsCalledOffHoldsItsThread()
    {
        using var limit = new CancellationTokenSource();
        using var let = new ManualResetEventSlim();
        var answering = new TaskCompletionSource<Versioned<Open>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TimeoutBehavior<Ask, Versioned<Open>>(new RequestTimeout(TimeSpan.FromMilliseconds(50))).Handle(new Ask(Scope), limit.Token, () => answering.Task);
        await using var driver = limit.Token.Register(() => let.Wait());

        var callingOff = Task.Run(limit.Cancel);
        Assert.ThrowsAsync<RequestTimedOutException>(() => asked.WaitAsync(TimeSpan.FromSeconds(10)));

        Assert.That(callingOff.IsCompleted, Is.False);
        let.Set();
        await callingOff;
    }

    [Test]
    public async Task AKnownTagSparesTheHandler()
    {
        var organisation = new CurrentOrganisation();
        organisation.Set(new ResolvedOrganisation { Id = 5, Revision = 3, Stamp = "stamp" });
        var query = new GetAnalyticsQuery(Scope, RawQuery.Empty, default);
        var tag = ETagGenerator.Create(5, organisation.Version, "unpod.dev", query.CacheKey, "json");
        var handler = new Mock<RequestHandlerDelegate<Versioned<GetAnalyticsResponse>>>(MockBehavior.Strict);

        var response = await new ETagBehavior<GetAnalyticsQuery, Versioned<GetAnalyticsResponse>>(organisation)
            .Handle(query with { Scope = Scope with { IfNoneMatch = ["\"other\"", tag] } }, CancellationToken.None, handler.Object);

        Assert.That((response.ETag, response.Value), Is.EqualTo((tag, (GetAnalyticsResponse?)null)));
    }

    [Test]
    public async Task TheTagNamesTheVersionThatTheNumbersAreOf()
    {
        var organisation = new CurrentOrganisation();
        organisation.Set(new ResolvedOrganisation { Id = 5, Revision = 3, Stamp = "resolved" });
        var seen = new OrganisationVersion(4, "a write came between");
        var query = new GetAnalyticsQuery(Scope, RawQuery.Empty, default);

        var response = await new ETagBehavior<GetAnalyticsQuery, Versioned<GetAnalyticsResponse>>(organisation)
            .Handle(query, CancellationToken.None, () => Task.FromResult(new Versioned<GetAnalyticsResponse>(seen, null!)));

        Assert.That(response.ETag, Is.EqualTo(ETagGenerator.Create(5, seen, "unpod.dev", query.CacheKey, "json")));
    }

    [Test]
    public async Task AnAnswerIsKeptUnderTheVersionThatItsNumbersAreOf()
    {
        using var kept = new ResponseCache(10);
        var resolved = new ResolvedOrganisation { Id = 5, Revision = 3, Stamp = "resolved" };
        var seen = new ResolvedOrganisation { Id = 5, Revision = 4, Stamp = "a write came between" };

        await AskAsync(kept, resolved, seen.Version);

        Assert.That((await AskAsync(kept, resolved, resolved.Version)).Version, Is.EqualTo(resolved.Version), "nothing was kept under the version that was resolved");
        Assert.That((await AskAsync(kept, seen, default)).Version, Is.EqualTo(seen.Version), "this one was");
    }

    [TestCase(6, 3, "s", "unpod.dev", ""), TestCase(5, 4, "s", "unpod.dev", ""), TestCase(5, 3, "t", "unpod.dev", "")]
    [TestCase(5, 3, "s", "unpod.tv", ""), TestCase(5, 3, "s", "unpod.dev", "SALES")]
    public async Task AnotherQuestionIsNotAnsweredFromMemory(long organisation, long revision, string stamp, string product, string space)
    {
        using var kept = new ResponseCache(10);
        var first = new ResolvedOrganisation { Id = 5, Revision = 3, Stamp = "s" };
        await AskAsync(kept, first, first.Version);

        var fresh = new OrganisationVersion(99, "fresh");
        var response = await AskAsync(kept, new ResolvedOrganisation { Id = organisation, Revision = revision, Stamp = stamp }, fresh, product, space);

        Assert.That(response.Version, Is.EqualTo(fresh));
    }

    [Test]
    public async Task AnswersInMemoryAreBounded()
    {
        using var kept = new ResponseCache(3);
        for (var revision = 0; revision < 20; revision++)
        {
            var organisation = new ResolvedOrganisation { Id = 5, Revision = revision, Stamp = "s" };
            await AskAsync(kept, organisation, organisation.Version);
        }

        Assert.That(kept.Count, Is.InRange(1, 3));
    }

    [Test]
    [CancelAfter(10_000)]
    public async Task OldAnswersMakeRoomForNewOnes(CancellationToken cancellationToken)
    {
        using var kept = new ResponseCache(3);
        var forgotten = new OrganisationVersion(-1, "asked again");
        for (var revision = 0; ; revision++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var organisation = new ResolvedOrganisation { Id = 5, Revision = revision, Stamp = "s" };
            await AskAsync(kept, organisation, organisation.Version);
            if (revision > 3 && (await AskAsync(kept, organisation, forgotten)).Version == organisation.Version)
            {
                break;
            }
        }
    }

    [Test]
    public void TheMappingFillsEveryField()
    {
        using var services = Services(new Mock<DbDataSource>());
        services.GetRequiredService<IMapper>().ConfigurationProvider.AssertConfigurationIsValid();
    }

    private static Task<Versioned<GetAnalyticsResponse>> AskAsync(
        ResponseCache kept, ResolvedOrganisation resolved, OrganisationVersion seen, string product = "unpod.dev", string space = "")
    {
        var organisation = new CurrentOrganisation();
        organisation.Set(resolved);
        return new ResponseCacheBehavior<GetAnalyticsQuery, Versioned<GetAnalyticsResponse>>(kept, organisation)
            .Handle(new GetAnalyticsQuery(Scope with { ProductId = product }, new RawQuery([("space_token", space)]), default), CancellationToken.None, () => Task.FromResult(new Versioned<GetAnalyticsResponse>(seen, null!)));
    }

    private static async Task SendAsync(GetAnalyticsQuery query)
    {
        await using var services = Services(new Mock<DbDataSource>(MockBehavior.Strict));
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(query);
    }

    private static ServiceProvider Services(Mock<DbDataSource> database) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(database.Object)
        .AddSingleton(new RequestTimeout(TimeSpan.FromMinutes(1)))
        .AddApplication(autoMapperLicenseKey: null, responseCacheSize: 1, readLimit: new(1, 0), writeLimit: new(1, 0))
        .BuildServiceProvider();

    internal sealed record PlainRequest : IRequest<int>;

    internal sealed record Ask(OrganisationScope Scope) : IOrganisationQuery<Open>
    {
        public string CacheKey => "";
    }

    internal sealed class Open : IAsyncDisposable
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Closed => _closed.Task;

        public ValueTask DisposeAsync()
        {
            _closed.SetResult();
            return ValueTask.CompletedTask;
        }
    }

    internal sealed record Write(OrganisationScope Scope) : IOrganisationRequest, IRequest<int>;
}
