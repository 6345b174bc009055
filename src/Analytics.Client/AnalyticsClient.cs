using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Analytics.Client;

/// <summary>
/// Reads and writes the numbers of one organisation. Errors are <see cref="AnalyticsException"/>s. It is safe for concurrent use
/// and may be held as long as the process lives.
/// </summary>
public class AnalyticsClient
{
    private const string AnalyticsPath = "organisation/analytics/";
    private const string ListedTasksPath = $"{AnalyticsPath}tasks/";
    private const string PushPath = "organisation/tasks/";

    private readonly ApiConnection _connection;
    private readonly string? _organisation;
    private readonly string? _product;

    /// <summary>
    /// Creates a client without dependency injection. Create one for the process: it has its own connections and cache.
    /// </summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is missing or invalid.</exception>
    public AnalyticsClient(AnalyticsClientOptions options)
        : this(new ApiConnection(
            HttpSetup.CreateClient(AnalyticsClientOptionsValidator.ThrowIfInvalid(options)), options, new ResponseCache()))
    {
    }

    internal AnalyticsClient(ApiConnection connection)
        : this(connection, connection.Options.Organisation, connection.Options.Product)
    {
    }

    private AnalyticsClient(ApiConnection connection, string? organisation, string? product) =>
        (_connection, _organisation, _product) = (connection, organisation, product);

    /// <summary>For mocks, which override the methods.</summary>
    protected AnalyticsClient() => _connection = null!;

    /// <summary>The same client for another organisation.</summary>
    /// <param name="organisation">The handle of the organisation.</param>
    /// <param name="product">The product whose tasks count; <c>unpod.dev</c> if null.</param>
    public virtual AnalyticsClient WithOrganisation(string organisation, string? product = null) => new(_connection, organisation, product);

    /// <summary>The totals; with further properties of the query also series, groups and a comparison.</summary>
    /// <param name="query">The query; the totals of all time if null.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public virtual Task<AnalyticsData> GetAnalyticsAsync(AnalyticsQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.GetAsync(CreateRequest(AnalyticsPath, query), AnalyticsJson.Default.EnvelopeAnalyticsData, cancellationToken);

    /// <summary>What each number means.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    public virtual Task<DefinitionList> GetDefinitionsAsync(CancellationToken cancellationToken = default) => _connection.GetAsync(
        new ApiRequest($"{AnalyticsPath}definitions/", "", Organisation: null, Product: null),
        AnalyticsJson.Default.EnvelopeDefinitionList, cancellationToken);

    /// <summary>One page of tasks, the newest first.</summary>
    /// <param name="query">The query; all tasks if null.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public virtual Task<TaskPage> GetTaskPageAsync(TaskQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.GetAsync(CreateRequest(ListedTasksPath, query), AnalyticsJson.Default.EnvelopeTaskPage, cancellationToken);

    /// <summary>All pages of tasks, the newest first. Pages with the same version are consistent with each other.</summary>
    /// <param name="query">The query of the first page; all tasks if null.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public virtual IAsyncEnumerable<TaskPage> GetTaskPagesAsync(
        TaskQuery? query = null, CancellationToken cancellationToken = default) =>
        ReadPagesAsync(
            (cursor, cancellation) => GetTaskPageAsync(cursor is null ? query : (query ?? new()) with { Cursor = cursor }, cancellation),
            cancellationToken);

    /// <summary>One page of the organisations that the token's user is a member of.</summary>
    /// <param name="query">The query; the first page if null.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public virtual Task<OrganisationPage> GetOrganisationPageAsync(
        PageQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.GetAsync(
            new ApiRequest("organisations/", QueryText.Create(query?.GetParameters() ?? []), Organisation: null, Product: null),
            AnalyticsJson.Default.EnvelopeOrganisationPage, cancellationToken);

    /// <summary>All pages of the organisations that the token's user is a member of.</summary>
    /// <param name="query">The query of the first page.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public virtual IAsyncEnumerable<OrganisationPage> GetOrganisationPagesAsync(
        PageQuery? query = null, CancellationToken cancellationToken = default) =>
        ReadPagesAsync(
            (cursor, cancellation) =>
                GetOrganisationPageAsync(cursor is null ? query : (query ?? new()) with { Cursor = cursor }, cancellation),
            cancellationToken);

    /// <summary>One page of the organisation's spaces.</summary>
    /// <param name="query">The query; the first page if null.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public virtual Task<SpacePage> GetSpacePageAsync(PageQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.GetAsync(
            new ApiRequest("organisation/spaces/", QueryText.Create(query?.GetParameters() ?? []), _organisation, _product),
            AnalyticsJson.Default.EnvelopeSpacePage, cancellationToken);

    /// <summary>All pages of the organisation's spaces.</summary>
    /// <param name="query">The query of the first page.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public virtual IAsyncEnumerable<SpacePage> GetSpacePagesAsync(
        PageQuery? query = null, CancellationToken cancellationToken = default) =>
        ReadPagesAsync(
            (cursor, cancellation) => GetSpacePageAsync(cursor is null ? query : (query ?? new()) with { Cursor = cursor }, cancellation),
            cancellationToken);

    /// <summary>
    /// All tasks of one version, the newest first, as one streamed response. A response that breaks off is an
    /// <see cref="AnalyticsException"/>, never a short list.
    /// </summary>
    /// <param name="query">The query; all tasks if null.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public virtual async IAsyncEnumerable<ListedTask> ExportTasksAsync(
        TaskQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var response = await _connection.OpenAsync(CreateRequest(ListedTasksPath, query, ResponseFormat.Ndjson), cancellationToken)
            .ConfigureAwait(false);
        using var body = await _connection.ReadStreamAsync(response, _connection.Options.Timeout, cancellationToken).ConfigureAwait(false);
        await foreach (var task in JsonSerializer
            .DeserializeAsyncEnumerable(body, AnalyticsJson.Default.ListedTask, topLevelValues: true, cancellationToken)
            .ConfigureAwait(false))
        {
            yield return task!;
        }
    }

    /// <summary>Writes a report to a stream, such as a file. If it throws, what is written is incomplete.</summary>
    /// <param name="query">The query; the totals of all time if null.</param>
    /// <param name="format">The format.</param>
    /// <param name="destination">The stream, which stays open.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public virtual Task DownloadAnalyticsAsync(
        AnalyticsQuery? query, ResponseFormat format, Stream destination, CancellationToken cancellationToken = default) =>
        DownloadAsync(CreateRequest(AnalyticsPath, query, format), destination, cancellationToken);

    /// <summary>Writes all tasks of one version to a stream, such as a file. If it throws, what is written is incomplete.</summary>
    /// <param name="query">The query; all tasks if null.</param>
    /// <param name="format">The format.</param>
    /// <param name="destination">The stream, which stays open.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public virtual Task DownloadTasksAsync(
        TaskQuery? query, ResponseFormat format, Stream destination, CancellationToken cancellationToken = default) =>
        DownloadAsync(CreateRequest(ListedTasksPath, query, format), destination, cancellationToken);

    /// <summary>
    /// Writes tasks in batches. A task that breaks a rule is in <see cref="PushResult.Errors"/>; the others are written. After an
    /// exception push the same tasks again: those that are already stored count as unchanged.
    /// </summary>
    /// <param name="tasks">The tasks, of any number.</param>
    /// <param name="cancellationToken">Cancels the push between or during batches.</param>
    public virtual Task<PushResult> PushTasksAsync(IEnumerable<PushedTask> tasks, CancellationToken cancellationToken = default) =>
        PushTasksAsync(tasks.ToAsyncEnumerable(), cancellationToken);

    /// <inheritdoc cref="PushTasksAsync(IEnumerable{PushedTask}, CancellationToken)"/>
    public virtual async Task<PushResult> PushTasksAsync(
        IAsyncEnumerable<PushedTask> tasks, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var total = new PushResult { Inserted = 0, Updated = 0, Unchanged = 0, Rejected = 0, Errors = [] };
        var first = 0L;
        var batch = new PushBatch();
        await foreach (var task in tasks.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (!batch.TryAdd(task))
            {
                await SendAsync().ConfigureAwait(false);
                batch.TryAdd(task);
            }
        }

        if (batch.Count > 0)
        {
            await SendAsync().ConfigureAwait(false);
        }

        return total;

        async Task SendAsync()
        {
            var result = await _connection.PostAsync(
                new ApiRequest(PushPath, "", _organisation, _product), batch.Complete(), AnalyticsJson.Default.EnvelopePushResult,
                cancellationToken).ConfigureAwait(false);
            total = new PushResult
            {
                Inserted = total.Inserted + result.Inserted,
                Updated = total.Updated + result.Updated,
                Unchanged = total.Unchanged + result.Unchanged,
                Rejected = total.Rejected + result.Rejected,
                Errors = [.. total.Errors, .. result.Errors.Select(error => error with { Index = first + error.Index })],
            };
            first += batch.Count;
            batch = new PushBatch();
        }
    }

    /// <summary>
    /// A report, now and after each change, until it is cancelled. A stream that breaks off, ends or is silent for 35 seconds is
    /// resumed behind its last event, after a pause. An error that does not end by itself is thrown.
    /// </summary>
    /// <param name="query">The query; the totals of all time if null.</param>
    /// <param name="options">Where to resume, and who hears of the connection.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public virtual async IAsyncEnumerable<AnalyticsEvent> FollowAsync(
        AnalyticsQuery? query = null, FollowOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = CreateRequest($"{AnalyticsPath}stream/", query);
        var lastEventId = options?.LastEventId;
        for (var failures = 0; ; failures++)
        {
            AnalyticsException? failure = null;
            options?.OnState?.Invoke(StreamState.Connecting, null);
            var events = EventStream.ReadAsync(
                _connection, request, lastEventId, () => options?.OnState?.Invoke(StreamState.Live, null), cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            await using (events.ConfigureAwait(false))
            {
                while (true)
                {
                    try
                    {
                        if (!await events.MoveNextAsync().ConfigureAwait(false))
                        {
                            break;
                        }
                    }
                    catch (AnalyticsException exception) when (exception.IsTransient)
                    {
                        failure = exception;
                        break;
                    }

                    (lastEventId, failures) = (events.Current.Id, 0);
                    yield return events.Current;
                }
            }

            options?.OnState?.Invoke(StreamState.Waiting, failure);
            await Task.Delay(
                TransientErrors.GetDelay(failures, failure?.RetryAfter), _connection.Options.TimeProvider, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private static async IAsyncEnumerable<TPage> ReadPagesAsync<TPage>(
        Func<string?, CancellationToken, Task<TPage>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TPage : IPage
    {
        string? cursor = null;
        do
        {
            var page = await read(cursor, cancellationToken).ConfigureAwait(false);
            yield return page;
            cursor = page.HasMore ? page.Cursor : null;
        }
        while (cursor is not null);
    }

    private async Task DownloadAsync(ApiRequest request, Stream destination, CancellationToken cancellationToken)
    {
        using var response = await _connection.OpenAsync(request, cancellationToken).ConfigureAwait(false);
        using var body = await _connection.ReadStreamAsync(response, _connection.Options.Timeout, cancellationToken).ConfigureAwait(false);
        await body.CopyToAsync(destination, cancellationToken).ConfigureAwait(false);
    }

    private ApiRequest CreateRequest(string path, FilterQuery? query, ResponseFormat? format = null) => new(
        path, QueryText.Create([.. query?.GetParameters() ?? [], ("format", format?.Value)]), _organisation, _product);
}
