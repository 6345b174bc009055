using System.Data.Common;
using Analytics.Application.Behaviors;
using Analytics.Application.Concurrency;
using Analytics.Application.Ingestion.PushTasks;
using Analytics.Application.Organisations;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Application.Reporting.ListOrganisations;
using Analytics.Application.Requests;
using AutoMapper;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Moq;

namespace Analytics.Application.Tests.Behaviors;

/// <summary>The behaviors, with a database that must not be called.</summary>
internal sealed class PipelineTests
{
    private static readonly OrganisationScope Scope = new("7", "acme.example", StringValues.Empty, []);

    [Test]
    public void Query_passes_query_behaviors_in_registration_order()
    {
        using var services = CreateServices(new Mock<DbDataSource>(MockBehavior.Strict));
        using var scope = services.CreateScope();
        var behaviors = scope.ServiceProvider.GetServices<IPipelineBehavior<GetAnalyticsQuery, Versioned<GetAnalyticsResponse>>>();
        Assert.That(behaviors.Select(behavior => behavior.GetType().Name.Split('`')[0]), Is.EqualTo(new[]
        {
            "TimeoutBehavior", "AuthenticationBehavior", "ValidationBehavior", "OrganisationResolutionBehavior",
            "ETagBehavior", "ResponseCacheBehavior", "ConcurrencyLimitBehavior",
        }));
    }

    [Test]
    public void Command_passes_command_behaviors_in_registration_order()
    {
        using var services = CreateServices(new Mock<DbDataSource>(MockBehavior.Strict));
        using var scope = services.CreateScope();
        var behaviors = scope.ServiceProvider.GetServices<IPipelineBehavior<PushTasksCommand, PushTasksResponse>>();
        Assert.That(behaviors.Select(behavior => behavior.GetType().Name.Split('`')[0]), Is.EqualTo(new[]
        {
            "TimeoutBehavior", "AuthenticationBehavior", "ValidationBehavior", "OrganisationResolutionBehavior",
            "WriteAuthorizationBehavior", "PushBodyBehavior", "ConcurrencyLimitBehavior",
        }));
    }

    [Test]
    public void Request_of_a_user_passes_user_behaviors_in_registration_order()
    {
        using var services = CreateServices(new Mock<DbDataSource>(MockBehavior.Strict));
        using var scope = services.CreateScope();
        var behaviors = scope.ServiceProvider.GetServices<IPipelineBehavior<ListOrganisationsQuery, ListOrganisationsResponse>>();
        Assert.That(behaviors.Select(behavior => behavior.GetType().Name.Split('`')[0]), Is.EqualTo(new[]
        {
            "TimeoutBehavior", "AuthenticationBehavior", "ValidationBehavior",
        }));
    }

    [Test]
    public void Request_without_user_passes_no_behavior()
    {
        using var services = CreateServices(new Mock<DbDataSource>(MockBehavior.Strict));
        using var scope = services.CreateScope();
        Assert.That(scope.ServiceProvider.GetServices<IPipelineBehavior<UnscopedRequest, int>>(), Is.Empty);
    }

    [Test]
    public void Unauthenticated_request_is_rejected_without_database_call() =>
        Assert.ThrowsAsync<UnauthenticatedException>(
            () => SendAsync(new GetAnalyticsQuery(Scope with { UserId = null, OrgHandle = "" }, RawQuery.Empty, default)));

    [Test]
    public void Invalid_request_is_rejected_without_database_call() =>
        Assert.ThrowsAsync<ValidationException>(
            () => SendAsync(new GetAnalyticsQuery(Scope with { OrgHandle = "" }, RawQuery.Empty, default)));

    [Test]
    public void All_validation_errors_are_returned_with_scope_errors_first()
    {
        var exception = Assert.ThrowsAsync<ValidationException>(() =>
            SendAsync(new GetAnalyticsQuery(
                Scope with { OrgHandle = "", ProductId = "a b" }, new RawQuery([("space_token", "A"), ("space_token", "A")]), default)));
        Assert.That(exception!.Errors.Select(error => (error.PropertyName, error.ErrorMessage)), Is.EqualTo(new[]
        {
            ("Org-Handle", "Org-Handle header is required."),
            ("Product-Id", "Product-Id must be 1-100 ASCII letters, digits, '.', '-' or '_'."),
            ("space_token", "space_token must be given only once."),
        }));
    }

    [Test]
    public async Task One_organisation_uses_at_most_half_the_write_queue()
    {
        using var limiter = new DatabaseConcurrencyLimiter(readLimit: new(1, 0), writeLimit: new(1, 4));
        var handled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var round = 0; round < 2; round++)
        {
            var active = WriteAsync(1);
            var queued = Enumerable.Range(0, 3).Select(_ => WriteAsync(1)).ToList();
            Assert.That(WriteAsync(1).Exception?.InnerException, Is.TypeOf<OverloadedException>(), "rejected without waiting");
            queued.Add(WriteAsync(2));
            Assert.That(WriteAsync(3).Exception?.InnerException, Is.TypeOf<OverloadedException>(), "the queue of all is full");
            Assert.That(queued, Has.None.Matches<Task>(write => write.IsCompleted));

            handled.SetResult();
            await Task.WhenAll(queued.Append(active));
            handled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Task<int> WriteAsync(long organisationId)
        {
            var organisation = new CurrentOrganisation();
            organisation.Set(new ResolvedOrganisation { Id = organisationId });
            return new ConcurrencyLimitBehavior<WriteCommand, int>(limiter, new RequestDeadline(), organisation).Handle(
                new WriteCommand(Scope, []), CancellationToken.None, async () =>
            {
                await handled.Task;
                return 0;
            });
        }
    }

    [Test]
    public async Task One_organisation_reads_one_page_of_tasks_at_a_time_with_two_permits()
    {
        using var limiter = new DatabaseConcurrencyLimiter(readLimit: new(4, 8), writeLimit: new(1, 0));
        var first = await limiter.AcquireTaskReadAsync(1, CancellationToken.None);
        var queued = limiter.AcquireTaskReadAsync(1, CancellationToken.None).AsTask();
        using var ofAnother = await limiter.AcquireTaskReadAsync(2, CancellationToken.None);
        Assert.That(queued.IsCompleted, Is.False);

        first.Dispose();
        using var second = await queued;
    }

    [Test]
    public async Task Result_arriving_after_timeout_is_disposed()
    {
        var responseSource = new TaskCompletionSource<Versioned<DisposableResponse>>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancellation = new CancellationTokenSource();
        var handling = new TimeoutBehavior<DisposableQuery, Versioned<DisposableResponse>>(new RequestDeadline())
            .Handle(new DisposableQuery(Scope), cancellation.Token, () => responseSource.Task);

        await cancellation.CancelAsync();
        Assert.ThrowsAsync<TaskCanceledException>(() => handling);

        var lateResponse = new DisposableResponse();
        responseSource.SetResult(new(default, lateResponse));
        await lateResponse.Disposed.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task Timeout_fires_even_if_cancellation_callback_blocks()
    {
        using var cancellation = new CancellationTokenSource();
        using var unblock = new ManualResetEventSlim();
        var responseSource = new TaskCompletionSource<Versioned<DisposableResponse>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var deadline = new RequestDeadline();
        deadline.Set(TimeSpan.FromMilliseconds(50), logLateFailure: _ => { });
        var handling = new TimeoutBehavior<DisposableQuery, Versioned<DisposableResponse>>(deadline)
            .Handle(new DisposableQuery(Scope), cancellation.Token, () => responseSource.Task);
        await using var blockingCallback = cancellation.Token.Register(() => unblock.Wait());

        var cancelling = Task.Run(cancellation.Cancel);
        Assert.ThrowsAsync<RequestTimedOutException>(() => handling.WaitAsync(TimeSpan.FromSeconds(10)));

        Assert.That(cancelling.IsCompleted, Is.False);
        unblock.Set();
        await cancelling;
    }

    [Test]
    public async Task Response_larger_than_the_cache_evicts_no_other()
    {
        using var cache = new ResponseCache(sizeLimit: 20);
        var version = new OrganisationVersion(1, "stamp");
        ResponseCacheKey[] keys = [.. Enumerable.Range(0, 20).Select(query => new ResponseCacheKey(5, version, "unpod.dev", $"{query}"))];
        foreach (var key in keys)
        {
            cache.Add(key, new Versioned<int>(version, value: 1));
        }

        cache.Add(new ResponseCacheKey(5, version, "unpod.dev", "large"), new Versioned<int>(version, value: 1, cacheSize: 21));

        // The cache evicts on the thread pool.
        for (var yields = 0; yields < 100; yields++)
        {
            await Task.Yield();
        }

        Assert.That(keys.Count(key => cache.TryGetValue(key, out _)), Is.EqualTo(20));
    }

    [TestCase(3, 3), TestCase(80, 100)]
    public void Cached_response_counts_its_rows_and_their_compressed_forms(int rows, int size)
    {
        var version = new OrganisationVersion(1, "stamp");
        var key = new ResponseCacheKey(5, version, "unpod.dev", "");
        using var large = new ResponseCache(size);
        using var small = new ResponseCache(size - 1);
        foreach (var cache in new[] { large, small })
        {
            cache.Add(key, new Versioned<int>(version, value: 1, cacheSize: rows));
        }

        Assert.That((large.Count, small.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Form_of_a_body_is_created_once()
    {
        var body = new SerializedBody();
        var created = 0;

        var forms = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => body.GetOrAdd("br", () =>
        {
            Interlocked.Increment(ref created);
            return [];
        }))));

        Assert.That((created, forms.Distinct().Count()), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Matching_IfNoneMatch_skips_handler()
    {
        var organisation = new CurrentOrganisation();
        organisation.Set(new ResolvedOrganisation { Id = 5, Revision = 3, Stamp = "stamp" });
        var cacheKey = new GetAnalyticsQuery(Scope, RawQuery.Empty, default).CacheKey;
        var etag = ETagGenerator.Create(5, organisation.Version, "unpod.dev", cacheKey, "json");
        var query = new GetAnalyticsQuery(Scope with { IfNoneMatch = ["\"other\"", etag] }, RawQuery.Empty, default);
        var handler = new Mock<RequestHandlerDelegate<Versioned<GetAnalyticsResponse>>>(MockBehavior.Strict);

        var response = await new ETagBehavior<GetAnalyticsQuery, Versioned<GetAnalyticsResponse>>(organisation)
            .Handle(query, CancellationToken.None, handler.Object);

        Assert.That((response.ETag, response.Value), Is.EqualTo((etag, (GetAnalyticsResponse?)null)));
    }

    [Test]
    public async Task ETag_uses_the_version_of_the_response_data()
    {
        var organisation = new CurrentOrganisation();
        organisation.Set(new ResolvedOrganisation { Id = 5, Revision = 3, Stamp = "resolved" });
        var dataVersion = new OrganisationVersion(4, "a write came between");
        var query = new GetAnalyticsQuery(Scope, RawQuery.Empty, default);

        var response = await new ETagBehavior<GetAnalyticsQuery, Versioned<GetAnalyticsResponse>>(organisation)
            .Handle(query, CancellationToken.None, () => Task.FromResult(new Versioned<GetAnalyticsResponse>(dataVersion, null!)));

        Assert.That(response.ETag, Is.EqualTo(ETagGenerator.Create(5, dataVersion, "unpod.dev", query.CacheKey, "json")));
    }

    [Test]
    public async Task Response_is_cached_under_the_version_of_its_data()
    {
        using var cache = new ResponseCache(10);
        var resolved = new ResolvedOrganisation { Id = 5, Revision = 3, Stamp = "resolved" };
        var dataVersion = new ResolvedOrganisation { Id = 5, Revision = 4, Stamp = "a write came between" };

        await SendThroughCacheAsync(cache, resolved, dataVersion.Version);

        Assert.That((await SendThroughCacheAsync(cache, resolved, resolved.Version)).Version, Is.EqualTo(resolved.Version),
            "not cached under the resolved version");
        Assert.That((await SendThroughCacheAsync(cache, dataVersion, default)).Version, Is.EqualTo(dataVersion.Version),
            "cached under the version of the data");
    }

    [TestCase(6, 3, "s", "unpod.dev", ""), TestCase(5, 4, "s", "unpod.dev", ""), TestCase(5, 3, "t", "unpod.dev", "")]
    [TestCase(5, 3, "s", "unpod.tv", ""), TestCase(5, 3, "s", "unpod.dev", "SALES")]
    public async Task Different_cache_key_is_not_served_from_cache(
        long organisation, long revision, string stamp, string product, string space)
    {
        using var cache = new ResponseCache(10);
        var first = new ResolvedOrganisation { Id = 5, Revision = 3, Stamp = "s" };
        await SendThroughCacheAsync(cache, first, first.Version);

        var fresh = new OrganisationVersion(99, "fresh");
        var response = await SendThroughCacheAsync(
            cache, new ResolvedOrganisation { Id = organisation, Revision = revision, Stamp = stamp }, fresh, product, space);

        Assert.That(response.Version, Is.EqualTo(fresh));
    }

    [Test]
    public async Task Response_cache_size_is_bounded()
    {
        using var cache = new ResponseCache(3);
        for (var revision = 0; revision < 20; revision++)
        {
            var organisation = new ResolvedOrganisation { Id = 5, Revision = revision, Stamp = "s" };
            await SendThroughCacheAsync(cache, organisation, organisation.Version);
        }

        Assert.That(cache.Count, Is.InRange(1, 3));
    }

    [Test]
    [CancelAfter(10_000)]
    public async Task Old_responses_are_evicted_for_new_ones(CancellationToken cancellationToken)
    {
        using var cache = new ResponseCache(3);
        var uncachedVersion = new OrganisationVersion(-1, "uncached");
        for (var revision = 0; ; revision++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var organisation = new ResolvedOrganisation { Id = 5, Revision = revision, Stamp = "s" };
            await SendThroughCacheAsync(cache, organisation, organisation.Version);
            if (revision > 3 && (await SendThroughCacheAsync(cache, organisation, uncachedVersion)).Version == organisation.Version)
            {
                break;
            }
        }
    }

    [Test]
    public void AutoMapper_configuration_is_valid()
    {
        using var services = CreateServices(new Mock<DbDataSource>());
        services.GetRequiredService<IMapper>().ConfigurationProvider.AssertConfigurationIsValid();
    }

    private static Task<Versioned<GetAnalyticsResponse>> SendThroughCacheAsync(
        ResponseCache cache, ResolvedOrganisation resolved, OrganisationVersion dataVersion, string product = "unpod.dev",
        string space = "")
    {
        var organisation = new CurrentOrganisation();
        organisation.Set(resolved);
        return new ResponseCacheBehavior<GetAnalyticsQuery, Versioned<GetAnalyticsResponse>>(cache, new SharedComputations(), organisation)
            .Handle(
                new GetAnalyticsQuery(Scope with { ProductId = product }, new RawQuery([("space_token", space)]), default),
                CancellationToken.None,
                () => Task.FromResult(new Versioned<GetAnalyticsResponse>(dataVersion, null!)));
    }

    private static async Task SendAsync(GetAnalyticsQuery query)
    {
        await using var services = CreateServices(new Mock<DbDataSource>(MockBehavior.Strict));
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(query);
    }

    private static ServiceProvider CreateServices(Mock<DbDataSource> database) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(database.Object)
        .AddSingleton(TimeProvider.System)
        .AddSingleton<IOrganisationReader, OrganisationReader>()
        .AddApplication(autoMapperLicenseKey: null, responseCacheSize: 1, readLimit: new(1, 0), writeLimit: new(1, 0))
        .BuildServiceProvider();

    internal sealed record UnscopedRequest : IRequest<int>;

    internal sealed record DisposableQuery(OrganisationScope Scope) : IOrganisationQuery<DisposableResponse>
    {
        public string CacheKey => "";
    }

    internal sealed class DisposableResponse : IAsyncDisposable
    {
        private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Disposed => _disposed.Task;

        public ValueTask DisposeAsync()
        {
            _disposed.SetResult();
            return ValueTask.CompletedTask;
        }
    }

    internal sealed record WriteCommand(OrganisationScope Scope, IReadOnlyCollection<string> TokenScopes) : IOrganisationCommand;
}
