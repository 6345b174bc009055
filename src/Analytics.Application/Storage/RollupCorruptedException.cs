namespace Analytics.Application.Storage;

/// <summary>A change would take from numbers that are not there: what is stored of an organisation is not what its tasks say.</summary>
/// <param name="organisationId">The organisation.</param>
/// <param name="inner">What the database said, where it noticed.</param>
public sealed class RollupCorruptedException(long organisationId, Exception? inner = null)
    : Exception($"The numbers of organisation {organisationId} are not those of its tasks: run \"analytics verify --repair\".", inner);
