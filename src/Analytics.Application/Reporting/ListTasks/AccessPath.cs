namespace Analytics.Application.Reporting.ListTasks;

/// <summary>By which index a list is read in its order.</summary>
public enum AccessPath
{
    /// <summary>All tasks of the product.</summary>
    Time,

    /// <summary>Those of one run.</summary>
    Run,

    /// <summary>Those of one agent, or of none.</summary>
    Agent,

    /// <summary>Those of one outcome.</summary>
    Outcome,

    /// <summary>Those of one status.</summary>
    Status,

    /// <summary>Those of one space.</summary>
    Space,
}
