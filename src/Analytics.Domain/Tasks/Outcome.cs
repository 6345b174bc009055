namespace Analytics.Domain.Tasks;

/// <summary>What a call led to.</summary>
public enum Outcome
{
    /// <summary>The label says interested.</summary>
    Interested,

    /// <summary>The label asks for a call back.</summary>
    CallBack,

    /// <summary>The label asks for details.</summary>
    SendDetails,

    /// <summary>The label says not interested.</summary>
    NotInterested,

    /// <summary>The label says not connected.</summary>
    NotConnected,

    /// <summary>The call failed, or it completed and nothing says what it led to.</summary>
    Failed,

    /// <summary>Another label, or a call that is not finished; reported only inside the total.</summary>
    Other,
}

/// <summary>The rules that give a call its outcome, and the outcomes' names.</summary>
public static class Outcomes
{
    /// <summary>The outcome of a task: none when it is not a call.</summary>
    /// <param name="executionType">The task's execution type, as given.</param>
    /// <param name="status">The task's status, as given.</param>
    /// <param name="label">The label that the call's summary carries, as given, if any.</param>
    public static Outcome? Classify(string executionType, string status, string? label) =>
        ExecutionType.IsCall(executionType) ? ClassifyCall(StatusCategories.Parse(status), label) : null;

    /// <summary>The name under which an outcome is stored and shown.</summary>
    public static string Name(Outcome outcome) => outcome switch
    {
        Outcome.Interested => "interested",
        Outcome.CallBack => "call_back",
        Outcome.SendDetails => "send_details",
        Outcome.NotInterested => "not_interested",
        Outcome.NotConnected => "not_connected",
        Outcome.Failed => "failed",
        Outcome.Other => "other",
    };

    /// <summary>The outcome of a name; none where nothing has that name, so that a recount can put it right.</summary>
    public static Outcome? Parse(string? name) => Enum.GetValues<Outcome>().Select(outcome => (Outcome?)outcome).FirstOrDefault(outcome => Name(outcome!.Value) == name);

    private static Outcome ClassifyCall(StatusCategory category, string? label) => (NormalizeLabel(label), category) switch
    {
        ("interested" or "interestedin", _) => Outcome.Interested,
        ("call back", _) => Outcome.CallBack,
        ("send details", _) => Outcome.SendDetails,
        ("not interested", _) => Outcome.NotInterested,
        ("not connected", _) => Outcome.NotConnected,
        (_, StatusCategory.Failed) => Outcome.Failed,
        ("" or "error" or "unknown" or "failed", StatusCategory.Completed) => Outcome.Failed,
        (_, StatusCategory.Completed or StatusCategory.Pending or StatusCategory.InProgress or StatusCategory.Other) => Outcome.Other,
    };

    private static string NormalizeLabel(string? label) => CaseInsensitive.Normalize((label ?? "").Replace('_', ' '));
}
