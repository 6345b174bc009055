namespace Analytics.Application.Organisations;

/// <summary>Writes were committed between the statements of a query at every attempt, so the results do not belong together.</summary>
public sealed class ConcurrentChangeException() : Exception("The organisation's data changed while they were read.");

public sealed class RollupsNotReadyException() : Exception(
    "The organisation's rollups are being rebuilt and do not reach back to the requested time yet. \"analytics migrate\" completes them.");
