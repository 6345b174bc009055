using Analytics.Application.Ingestion;
using Analytics.Bench.Engines;
using Analytics.Domain.Tasks;

namespace Analytics.Bench;

/// <summary>Writes tasks to a database through TaskWriter.</summary>
internal static class TaskSeeder
{
    public static async Task RunAsync(Database database, IEngine engine, int tasks, CancellationToken cancellationToken)
    {
        await Catalogue.LoadAsync(database, cancellationToken);
        foreach (var organisationId in Catalogue.OrganisationIds)
        {
            await WriteAsync(
                database, organisationId, SampleTasks.Campaigns(organisationId, TasksOf(organisationId, tasks)), cancellationToken);
        }

        await database.ExecuteAsync(engine.AfterLoadSql, cancellationToken);
    }

    public static async Task WriteAsync(
        Database database, long organisationId, IEnumerable<TaskWrite> writes, CancellationToken cancellationToken)
    {
        var writer = database.Get<TaskWriter>();
        foreach (var batch in writes.Chunk(TaskWriter.MaxBatchSize))
        {
            await writer.WriteAsync(organisationId, batch, cancellationToken);
        }
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
