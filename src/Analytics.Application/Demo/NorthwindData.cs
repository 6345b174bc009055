using Analytics.Application.Ingestion;

namespace Analytics.Application.Demo;

/// <summary>
/// A fictional call centre, with the calls of eight weeks. Only a database that has just been created gets it, and only while the
/// process runs are calls added.
/// </summary>
public sealed class NorthwindData(DemoCatalogue catalogue, TaskWriter tasks, TimeProvider clock)
{
    public const string Handle = "northwind.example";

    // No space of the other organisation has this id or the next ones.
    public const long OrganisationId = DemoData.OrganisationId + 1_000;

    private NorthwindCalls? _calls;

    public bool IsCreated => _calls is not null;

    // Returns why it was not created, or null.
    public async Task<string?> CreateAsync(CancellationToken cancellationToken)
    {
        var error = await catalogue.LoadAsync(
            OrganisationId, "Northwind (demo)", Handle, NorthwindProfile.Spaces, cancellationToken);
        if (error is null)
        {
            var calls = new NorthwindCalls();
            await tasks.WriteAsync(OrganisationId, [.. calls.CreatePast(Timestamp.Now(clock))], cancellationToken);
            _calls = calls;
        }

        return error;
    }

    // Writes one more call, of this moment.
    public async Task AddCallAsync(CancellationToken cancellationToken)
    {
        var calls = _calls ?? throw new InvalidOperationException("The organisation was not created.");
        await tasks.WriteAsync(OrganisationId, [calls.CreateNext(Timestamp.Now(clock))], cancellationToken);
    }
}
