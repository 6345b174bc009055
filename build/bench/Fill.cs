using Analytics.Application.Ingestion;
using Analytics.Bench.Engines;

namespace Analytics.Bench;

/// <summary>Fills a database with tasks, through the one way in which tasks are written.</summary>
internal static class Fill
{
    public static async Task RunAsync(Database database, IEngine engine, int tasks, CancellationToken cancellationToken)
    {
        await Catalogue.LoadAsync(database, cancellationToken);
        var write = database.Get<TaskWriter>();
        foreach (var organisationId in Catalogue.OrganisationIds)
        {
            foreach (var batch in SampleTasks.Of(organisationId, TasksOf(organisationId, tasks)).Chunk(TaskWriter.MaxBatchSize))
            {
                await write.WriteAsync(organisationId, batch, cancellationToken);
            }
        }

        await database.ExecuteAsync(engine.Settle, cancellationToken);
    }

    /// <summary>Half of the tasks are of the organisation that is asked about; the others share the rest.</summary>
    public static int TasksOf(long organisationId, int tasks)
    {
        var half = tasks / 2;
        var (share, left) = Math.DivRem(tasks - half, Catalogue.Organisations - 1);
        return organisationId == Catalogue.AskedOrganisation ? half : organisationId - Catalogue.AskedOrganisation <= left ? share + 1 : share;
    }
}
