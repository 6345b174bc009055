using Analytics.Application.Ingestion;
using Analytics.Bench.Engines;

namespace Analytics.Bench;

/// <summary>Writes tasks to a database through TaskWriter.</summary>
internal static class TaskSeeder
{
    public static async Task RunAsync(Database database, IEngine engine, int tasks, CancellationToken cancellationToken)
    {
        await Catalogue.LoadAsync(database, cancellationToken);
        var write = database.Get<TaskWriter>();
        foreach (var organisationId in Catalogue.OrganisationIds)
        {
            foreach (var batch in SampleTasks.Campaigns(organisationId, TasksOf(organisationId, tasks)).Chunk(TaskWriter.MaxBatchSize))
            {
                await write.WriteAsync(organisationId, batch, cancellationToken);
            }
        }

        await database.ExecuteAsync(engine.AfterLoadSql, cancellationToken);
    }

    /// <summary>The measured organisation has half of the tasks; the others share the rest equally.</summary>
    public static int TasksOf(long organisationId, int tasks)
    {
        var half = tasks / 2;
        var (share, left) = Math.DivRem(tasks - half, Catalogue.Organisations - 1);
        return organisationId == Catalogue.MeasuredOrganisation ? half
            : organisationId - Catalogue.MeasuredOrganisation <= left ? share + 1 : share;
    }
}
