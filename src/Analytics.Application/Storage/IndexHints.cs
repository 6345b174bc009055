namespace Analytics.Application.Storage;

/// <summary>
/// The index that a statement of T-SQL reads. SQL Server plans a statement once, for the parameters of its first execution: planned for a
/// small organisation, it would read or sort all tasks of a large one. A seek is an error where the index does not decide the condition.
/// </summary>
public static class IndexHints
{
    public const string TasksByKey = " WITH (INDEX (tasks_pkey), FORCESEEK)";
    public const string TasksByTime = " WITH (INDEX (tasks_by_time), FORCESEEK)";
    public const string TasksByRun = " WITH (INDEX (tasks_by_run), FORCESEEK)";
    public const string TasksByAgent = " WITH (INDEX (tasks_by_agent), FORCESEEK)";
    public const string TasksByLabel = " WITH (INDEX (tasks_by_label), FORCESEEK)";
    public const string TasksByOutcome = " WITH (INDEX (tasks_by_outcome), FORCESEEK)";
    public const string TasksByStatus = " WITH (INDEX (tasks_by_status), FORCESEEK)";
    public const string TasksBySpace = " WITH (INDEX (tasks_by_space), FORCESEEK)";
    public const string RollupsByKey = " WITH (INDEX (task_rollups_pkey), FORCESEEK)";
    public const string RollupsByAgent = " WITH (INDEX (task_rollups_by_agent), FORCESEEK)";
    public const string RollupsByRun = " WITH (INDEX (task_rollups_by_run), FORCESEEK)";

    /// <summary>
    /// Joins in the written order, by a seek for each row, however many rows the first execution's table-valued parameter had. The order
    /// of the first table is kept, so that nothing is sorted.
    /// </summary>
    public const string LoopJoins = "\nOPTION (LOOP JOIN, FORCE ORDER)";
}
