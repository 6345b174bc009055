using System.Globalization;
using Analytics.Application.Ingestion.ImportCatalogue;

namespace Analytics.Bench.Traffic;

/// <summary>What the callers of a platform do: dashboards ask, and partners push how their calls go on. A push makes all kept answers of its organisation old.</summary>
internal sealed class Mix
{
    /// <summary>The first has half of all tasks.</summary>
    private const int Organisations = 20;
    private const int CallersEach = 10;
    private const int PercentPushes = 5;
    private const string TasksPath = "/api/v2/platform/organisation/tasks/";

    private static readonly string[] Questions = Weighted(
        (35, ""),
        (15, "?space_token={space}"),
        (20, "?date_range=7d&interval=day&timezone=Asia/Kolkata"),
        (10, "?date_range=28d&compare=previous_period"),
        (10, "?date_range=28d&group_by=agent"),
        (10, "tasks/?limit=100"));

    private readonly Member[] _members = [.. from organisation in Catalogue.OrganisationIds.Take(Organisations)
                                             let calls = new OngoingCalls(organisation)
                                             from number in Enumerable.Range(0, CallersEach)
                                             select new Member(organisation, calls, $"caller-{organisation}-{number}")];

    /// <summary>For people.</summary>
    public static string Description { get; } =
        $"{100 - PercentPushes} % questions (totals of all and of one space, seven days by day in another zone, 28 days and the 28 before, 28 days by agent, a page of 100 tasks) "
        + $"and {PercentPushes} % pushes of 1 to {OngoingCalls.MostOfAPush} tasks, of {Organisations * CallersEach} callers and {Organisations} organisations; requests arrive by chance, whatever is answered, and latency counts from when they were due";

    /// <summary>The calls of each organisation.</summary>
    public IEnumerable<(long OrganisationId, OngoingCalls Calls)> Calls => _members.Select(member => (member.OrganisationId, member.Calls)).Distinct();

    public async Task LetInAsync(Database database, CancellationToken cancellationToken) => await database.Get<MemberImporter>().RunAsync(
        _members.Select((member, line) => new MemberRow(line, member.OrganisationId.ToString(CultureInfo.InvariantCulture), member.UserId, "editor")), keepMissing: true, Catalogue.Fail, _ => { }, cancellationToken);

    /// <summary>The next request of anyone.</summary>
    /// <param name="service">What questions are asked at.</param>
    /// <param name="random">What decides.</param>
    /// <returns>The request, and for a push the calls that it is about.</returns>
    public (HttpRequestMessage Message, OngoingCalls? Pushed) Next(Uri service, Random random)
    {
        var member = _members[random.Next(_members.Length)];
        if (random.Next(100) >= PercentPushes)
        {
            var space = Catalogue.TokenOf(Catalogue.SpaceId(member.OrganisationId, random.Next(Catalogue.SpacesEach)));
            return (member.Sign(new(HttpMethod.Get, new Uri(service, Questions[random.Next(Questions.Length)].Replace("{space}", space, StringComparison.Ordinal)))), null);
        }

        var content = new ByteArrayContent(member.Calls.NextPush(random));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/x-ndjson");
        return (member.Sign(new(HttpMethod.Post, new Uri(service, TasksPath)) { Content = content }), member.Calls);
    }

    private static string[] Weighted(params IEnumerable<(int Percent, string Question)> questions) =>
        [.. questions.SelectMany(question => Enumerable.Repeat(question.Question, question.Percent))];

    private sealed record Member(long OrganisationId, OngoingCalls Calls, string UserId)
    {
        private readonly IReadOnlyList<(string Name, string Value)> _headers = Caller.HeadersOf(UserId, OrganisationId);

        public HttpRequestMessage Sign(HttpRequestMessage message)
        {
            foreach (var (name, value) in _headers)
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }

            return message;
        }
    }
}
