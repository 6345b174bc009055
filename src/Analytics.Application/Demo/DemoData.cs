using Analytics.Application.Ingestion;

namespace Analytics.Application.Demo;

/// <summary>
/// A fictional organisation. A request for its first space returns exactly the documented example response.
/// The other spaces and the second product show what a report excludes.
/// </summary>
public sealed class DemoData(DemoCatalogue catalogue, TaskWriter tasks, TimeProvider clock)
{
    // The handle and the space of the documented request.
    public const string Handle = "recalll.co";

    public const string SpaceToken = "F1O3QJM1Y7Q1AVVUYNV4VPRB";

    public const string UserId = "1";

    // Far above the ids of a real export.
    public const long OrganisationId = 9_000_000_000;

    // Creates the demo data or, on a later start, moves its times to the present.
    public async Task<(int Tasks, string? Error)> LoadAsync(CancellationToken cancellationToken)
    {
        var error = await catalogue.LoadAsync(
            OrganisationId,
            "Recalll (demo)",
            Handle,
            [
                new(DemoTasks.SupportSpace, "Support", SpaceToken),
                new(DemoTasks.SalesSpace, "Sales", "S2ALESQ8Z1K5N7C3X9W4T6M0"),
                new(DemoTasks.HandbookSpace, "Handbook", "D0CSV7B2R5J8H1L4P6G3Y9E", ContentType: "document"),
            ],
            cancellationToken);
        if (error is not null)
        {
            return (0, error);
        }

        var writes = DemoTasks.CreateAll(Timestamp.Now(clock)).ToList();
        await tasks.WriteAsync(OrganisationId, writes, cancellationToken);
        return (writes.Count, null);
    }
}
