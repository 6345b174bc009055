namespace Analytics.Application.Organisations;

/// <summary>Writes came between the statements of an answer, again and again: what they say cannot be added up.</summary>
public sealed class NumbersMovedException() : Exception("The organisation's numbers moved while they were read.");

/// <summary>The organisation's periods are still to be filled, so that nothing can be said about its time.</summary>
public sealed class PeriodsNotFilledException() : Exception("The organisation's periods are not filled yet: run \"analytics migrate\".");

/// <summary>Too many requests are at work on the database, or wait for that.</summary>
public sealed class TooBusyException() : Exception("Too many requests are at work on the database already.");

/// <summary>The answer took longer than a request may.</summary>
public sealed class AnswerLateException() : Exception("The answer took longer than a request may.");
