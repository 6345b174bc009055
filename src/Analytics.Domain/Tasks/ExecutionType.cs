namespace Analytics.Domain.Tasks;

/// <summary>The kind of work of a task: <c>call</c> (also the default), <c>email</c>, …</summary>
public static class ExecutionType
{
    public const string Call = "call";

    public static bool IsCall(string executionType) => CaseInsensitive.Normalize(executionType) == Call;
}
