namespace Analytics.Application.Organisations;

/// <summary>Writes came between the statements of an answer, again and again: what they say cannot be added up.</summary>
public sealed class ConcurrentChangeException() : Exception("The organisation's numbers moved while they were read.");

/// <summary>The organisation's periods are still to be filled, so that nothing can be said about its time.</summary>
public sealed class RollupsNotReadyException() : Exception("The organisation's periods are not filled yet: run \"analytics migrate\".");

/// <summary>Too many requests are at work on the database, or wait for that.</summary>
public sealed class OverloadedException() : Exception("Too many requests are at work on the database already.");

/// <summary>The answer took longer than a request may.</summary>
public sealed class RequestTimedOutException() : Exception("The answer took longer than a request may.");
