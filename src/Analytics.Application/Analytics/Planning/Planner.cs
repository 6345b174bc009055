using Analytics.Application.Pipeline;

namespace Analytics.Application.Analytics.Planning;

/// <summary>Decides what a query asks for, from its parameters and the slot that holds the present.</summary>
public static class Planner
{
    /// <summary>The plan, or all the problems of the parameters.</summary>
    /// <param name="inputs">The parameters.</param>
    /// <param name="now">The slot that holds the present.</param>
    public static Planned<Plan> Plan(QueryInputs inputs, Slot now) => throw new NotSupportedException();

    /// <summary>The problem of a table that would hold both a series and groups, if the plan asks for that.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="format">The form of the answer, by <c>format</c> or else by <c>Accept</c>.</param>
    public static InputProblem? RefuseTable(Plan plan, AnswerFormat format) => throw new NotSupportedException();
}
