namespace Analytics.Application.Storage;

/// <summary>A measure would become negative: the stored totals or rollups are inconsistent with the tasks.</summary>
public sealed class RollupCorruptedException(long organisationId, Exception? inner = null) : Exception(
    $"The rollups of organisation {organisationId} are inconsistent with its tasks: run \"analytics verify --repair\".", inner);
