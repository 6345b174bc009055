namespace Analytics.Domain.Tasks;

/// <summary>The result of a call, derived from its label and status.</summary>
public enum Outcome
{
    Interested,
    CallBack,
    SendDetails,
    NotInterested,
    NotConnected,

    // The call failed, or it completed without a meaningful label.
    Failed,

    // Any other label, or an unfinished call without a known label; counted in the total only.
    Other,
}

/// <summary>Classifies calls by the outcome rules, and names the outcomes.</summary>
public static class Outcomes
{
    // Null when the task is not a call. All three arguments are as received.
    public static Outcome? Classify(string executionType, string status, string? label) =>
        ExecutionType.IsCall(executionType) ? ClassifyCall(StatusCategories.Parse(status), label) : null;

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

    // Null for an unknown name, so that RollupVerifier can read the row and repair it.
    public static Outcome? Parse(string? name) =>
        Enum.GetValues<Outcome>().Cast<Outcome?>().FirstOrDefault(outcome => Name(outcome!.Value) == name);

    /// <summary>Underscores count as spaces.</summary>
    public static string NormalizeLabel(string? label) => CaseInsensitive.Normalize((label ?? "").Replace('_', ' '));

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
}
