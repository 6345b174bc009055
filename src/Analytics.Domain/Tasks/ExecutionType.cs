namespace Analytics.Domain.Tasks;

/// <summary>What kind of work a task is: <c>call</c>, <c>email</c>, …</summary>
public static class ExecutionType
{
    /// <summary>A call, which is also what a task is that names no type.</summary>
    public const string Call = "call";

    /// <summary>Whether a type, as given, is a call's.</summary>
    public static bool IsCall(string executionType) => CaseInsensitive.Normalize(executionType) == Call;
}
