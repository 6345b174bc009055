namespace Analytics.Application.Demo;

/// <summary>The calls of <see cref="NorthwindData"/>. Their seed is fixed, so each start creates the same ones, relative to its time.</summary>
internal sealed class NorthwindCalls
{
    // Beyond that, each new call gets the id of the oldest one and so replaces it: nothing grows, and nothing must be deleted.
    public const int MaxCalls = 20_000;

    private const int Seed = 1;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Random _random = new(Seed);
    private int _created;

    // Oldest first, until the beginning of the current hour.
    public IEnumerable<TaskWrite> CreatePast(Timestamp now)
    {
        var end = now - TimeSpan.FromMilliseconds(now.UnixMilliseconds % (long)Hour.TotalMilliseconds);
        var hours = NorthwindProfile.Weeks * 7 * 24;
        for (var hour = 0; hour < hours; hour++)
        {
            var start = end - ((hours - hour) * Hour);
            var progress = (double)hour / hours;
            var variation = 0.75 + (_random.NextDouble() / 2);
            var calls = (int)((NorthwindProfile.GetCallsPerHour(start, progress) * variation) + _random.NextDouble());
            foreach (var time in Enumerable.Range(0, calls).Select(_ => start + (_random.NextDouble() * Hour)).Order().ToList())
            {
                yield return CreateCall(time, progress);
            }
        }
    }

    public TaskWrite CreateNext(Timestamp now) => CreateCall(now, progress: 1);

    // The progress grows from 0 to 1 during the eight weeks.
    private TaskWrite CreateCall(Timestamp time, double progress)
    {
        var campaign = Pick(NorthwindProfile.Campaigns, candidate => candidate.GetWeight(progress));
        var agent = Pick(NorthwindProfile.Agents, candidate => candidate.Weight);
        var interest = agent.GetInterest(progress) * campaign.Appeal;
        var result =
            campaign.Direction == Direction.Outbound && _random.NextDouble() > NorthwindProfile.GetAnsweredShare(time)
                ? Pick(NorthwindProfile.Unanswered, candidate => candidate.Weight)
            : _random.NextDouble() < interest ? NorthwindProfile.Interested
            : Pick(NorthwindProfile.Answered, candidate => candidate.Weight);
        return new TaskWrite
        {
            TaskId = $"northwind-{_created++ % MaxCalls:00000}",
            UpdatedAt = time,
            HasUpdatedAt = true,
            HasCreatedAt = true,
            Content = new TaskContent
            {
                SpaceId = campaign.SpaceId,
                ProductId = Product.Default,
                RunId = campaign.RunId,
                Agent = agent.Name,
                Direction = campaign.Direction,
                ExecutionType = ExecutionType.Call,
                Status = result.Status,
                Label = result.Label,
                Outcome = null,
                SuccessScore = Vary(result.MeanScore),
                Duration = Vary(result.MeanDuration),
                CreatedAt = time,
            }.WithClassifiedOutcome(),
        };
    }

    private T Pick<T>(IReadOnlyList<T> items, Func<T, int> getWeight)
    {
        var rest = _random.Next(items.Sum(getWeight));
        return items.First(item => (rest -= getWeight(item)) < 0);
    }

    // Around the mean, by at most a fifth of it.
    private int? Vary(int? mean) => (int?)(mean * (0.8 + (_random.NextDouble() * 0.4)));
}
