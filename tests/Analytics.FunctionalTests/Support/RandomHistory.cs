using Analytics.Application.Ingestion;
using Analytics.Domain;
using Analytics.Domain.Tasks;
using Analytics.Application.Tests.Reporting.Parsing;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>The writes to one organisation, and the time at which it is queried.</summary>
internal sealed record RandomHistory(Timestamp Now, TaskWrite[] Writes, int BatchSize)
{
    // The counted spaces; the fourth is not a contact space, and the fifth is archived.
    public const int IncludedSpaceCount = 3;

    private static readonly TimeSpan QuarterHourLength = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Days of clock changes in any zone, the one that Apia skipped, a leap day, a new year. All queried times are past, since the
    /// system's tz database can be of another version, with other rules for the future.
    /// </summary>
    private static readonly Gen<Timestamp> PresentTimes =
        from day in Gen.OneOf(
            "2011-12-30", "2023-03-13", "2023-04-03", "2023-11-05", "2024-01-01", "2024-02-29", "2024-04-07", "2024-09-08", "2024-10-06")
        from milliseconds in Gen.OneOf(Gen.Long[-86_400_000, 86_400_000], Gen.OneOf(0L, -1L, 1L))
        select new Timestamp(TestQuery.ParseTime($"{day}T00:00:00Z").UnixMilliseconds + milliseconds);

    public static Gen<RandomHistory> Generator { get; } =
        from now in PresentTimes
        from writes in GenerateWrite(now).Array[1, 150]
        from batch in Gen.Int[1, 40]
        select new RandomHistory(now, writes, batch);

    // The remaining tasks of one product in counted spaces.
    public IReadOnlyList<TaskContent> GetIncludedTasks(string product) =>
        [.. ReferenceRules.ApplyWrites(Writes).Where(task => task.SpaceId <= IncludedSpaceCount && task.ProductId == product)];

    // One write at about this time.
    public static Gen<TaskWrite> GenerateWrite(Timestamp now) =>
        from write in RandomWrites.Generator
        from task in Gen.Int[1, 60]
        from space in Gen.Long[1, 5]
        from createdAt in GenerateCreatedAt(now)
        select write with
        {
            TaskId = $"t{task}",
            Content = write.Content is { } content ? content with { SpaceId = space, CreatedAt = createdAt } : null,
        };

    // The first times of all, and times close to and far from the present: at quarter hours, directly before and after them, and anywhere.
    private static Gen<Timestamp> GenerateCreatedAt(Timestamp now)
    {
        var quarterHour = now.UnixMilliseconds - (now.UnixMilliseconds % (long)QuarterHourLength.TotalMilliseconds);
        var near = from quarters in Gen.OneOf(Gen.Int[-200, 96], Gen.Int[-35_000, 0], Gen.Int[-80_000, 0])
                   from milliseconds in Gen.OneOf(Gen.Long[0, 899_999], Gen.OneOf(0L, -1L))
                   select new Timestamp(quarterHour + (quarters * (long)QuarterHourLength.TotalMilliseconds) + milliseconds);
        return Gen.Frequency((8, near), (1, Gen.OneOf(RandomWrites.BoundaryTimes)),
            (1, Gen.OneOf(new Timestamp(0), new Timestamp(1), TestQuery.ParseTime("1970-01-31T23:59:59.999Z"))));
    }
}

internal static class RandomHistoryExtensions
{
    public static string GetHandle(long organisation) => $"org{organisation}.example";

    // Creates the organisation and its tasks.
    public static async Task AddHistoryAsync(this AnalyticsService service, long organisation, RandomHistory history)
    {
        await service.AddOrganisationAsync(organisation, GetHandle(organisation));
        await service.AddMemberAsync(organisation, Acme.MemberUserId);
        foreach (var space in Enumerable.Range(1, 5))
        {
            await service.AddSpaceAsync(organisation, (organisation * 10) + space, $"S{space}", space == 4 ? "general" : "contact",
                space == 5 ? "archived" : "active");
        }

        foreach (var batch in history.Writes.Chunk(history.BatchSize))
        {
            await service.Services.GetRequiredService<TaskWriter>()
                .WriteAsync(organisation, [.. batch.Select(write => write.InOrganisationSpace(organisation))], CancellationToken.None);
        }
    }
}
