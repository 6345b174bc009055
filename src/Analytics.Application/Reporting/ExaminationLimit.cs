namespace Analytics.Application.Reporting;

/// <summary>The number of tasks that a page may examine, whether or not they match the filters.</summary>
internal sealed record ExaminationLimit(long MaxTasks)
{
    public static ExaminationLimit Default { get; } = new(10_000);

    public override string ToString() => MaxTasks.ToString("N0", CultureInfo.InvariantCulture);
}
