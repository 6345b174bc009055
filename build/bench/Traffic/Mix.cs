using System.Globalization;
using Analytics.Application.Ingestion.ImportCatalogue;

namespace Analytics.Bench.Traffic;

/// <summary>Typical traffic: dashboards read and partners push. A push invalidates all cached responses of its organisation.</summary>
/// <param name="organisationIds">The first organisation of the catalogue has half of all tasks.</param>
internal sealed class Mix(IEnumerable<long> organisationIds)
{
    public const int Organisations = 20;

    private const int UsersPerOrganisation = 10;
    private const int PercentPushes = 5;
    private const string TasksPath = "/api/v2/platform/organisation/tasks/";

    private static readonly string[] Queries = Weighted(
        (35, ""),
        (15, "?space_token={space}"),
        (20, "?date_range=7d&interval=day&timezone=Asia/Kolkata"),
        (10, "?date_range=28d&compare=previous_period"),
        (10, "?date_range=28d&group_by=agent"),
        (10, "tasks/?limit=100"));

    private readonly Member[] _members = [.. from organisation in organisationIds.Take(Organisations)
                                             let calls = new OngoingCalls(organisation)
                                             from number in Enumerable.Range(0, UsersPerOrganisation)
                                             select new Member(organisation, calls, $"user-{organisation}-{number}")];

    public static string Description { get; } =
        $"{100 - PercentPushes} % reads (totals of all and of one space, seven days by day in another time zone, 28 days and the 28 before, 28 days by agent, a page of 100 tasks) "
        + $"and {PercentPushes} % pushes of 1 to {OngoingCalls.MaxTasksPerPush} tasks, of {Organisations * UsersPerOrganisation} users and {Organisations} organisations; requests arrive at random times that do not depend on responses, and latency is measured from the time a request was due";

    public IEnumerable<(long OrganisationId, OngoingCalls Calls)> Calls =>
        _members.Select(member => (member.OrganisationId, member.Calls)).Distinct();

    /// <summary>The headers of each user.</summary>
    public IReadOnlyList<IReadOnlyList<(string Name, string Value)>> Headers => [.. _members.Select(member => member.Headers)];

    public async Task AddMembersAsync(Database database, CancellationToken cancellationToken) =>
        await database.Get<MemberImporter>().RunAsync(
        _members.Select((member, line) => new MemberRow(line, member.OrganisationId.ToString(CultureInfo.InvariantCulture), member.UserId,
            "editor")), new MemberImportOptions(), Catalogue.Fail, _ => { }, cancellationToken);

    // A random request and, for a push, the calls that it contains.
    public (HttpRequestMessage Message, OngoingCalls? Pushed) Next(Uri service, Random random)
    {
        var member = _members[random.Next(_members.Length)];
        if (random.Next(100) >= PercentPushes)
        {
            var space = Catalogue.TokenOf(Catalogue.SpaceId(member.OrganisationId, random.Next(Catalogue.SpacesPerOrganisation)));
            return (member.Sign(new(HttpMethod.Get,
                new Uri(service, Queries[random.Next(Queries.Length)].Replace("{space}", space, StringComparison.Ordinal)))), null);
        }

        var content = new ByteArrayContent(member.Calls.NextPush(random));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/x-ndjson");
        return (member.Sign(new(HttpMethod.Post, new Uri(service, TasksPath)) { Content = content }), member.Calls);
    }

    private static string[] Weighted(params IEnumerable<(int Percent, string Query)> queries) =>
        [.. queries.SelectMany(query => Enumerable.Repeat(query.Query, query.Percent))];

    private sealed record Member(long OrganisationId, OngoingCalls Calls, string UserId)
    {
        public IReadOnlyList<(string Name, string Value)> Headers { get; } = Caller.HeadersOf(UserId, OrganisationId);

        public HttpRequestMessage Sign(HttpRequestMessage message)
        {
            foreach (var (name, value) in Headers)
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }

            return message;
        }
    }
}
