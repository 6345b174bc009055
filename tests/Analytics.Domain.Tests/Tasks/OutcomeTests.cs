using Analytics.Domain.Tasks;

namespace Analytics.Domain.Tests.Tasks;

internal sealed class OutcomeTests
{
    [TestCase("Interested", Outcome.Interested)]
    [TestCase("InterestedIn", Outcome.Interested)]
    [TestCase("Call Back", Outcome.CallBack)]
    [TestCase("Send Details", Outcome.SendDetails)]
    [TestCase("Not Interested", Outcome.NotInterested)]
    [TestCase("Not Connected", Outcome.NotConnected)]
    public void Known_label_determines_outcome_regardless_of_status(string label, Outcome expected)
    {
        foreach (var status in new[] { "completed", "failed", "pending", "in_progress", "hold", "anything" })
        {
            Assert.That(Outcomes.Classify("call", status, label), Is.EqualTo(expected), status);
        }
    }

    [TestCase("call_back", Outcome.CallBack)]
    [TestCase("  CALL BACK ", Outcome.CallBack)]
    [TestCase("_call_back_", Outcome.CallBack)]
    [TestCase("not_INTERESTED", Outcome.NotInterested)]
    [TestCase("callback", Outcome.Other)]
    [TestCase("Call  Back", Outcome.Other, Description = "two blanks within")]
    [TestCase("Interested In", Outcome.Other)]
    public void Label_comparison_ignores_case_surrounding_blanks_and_underscores(string label, Outcome expected) =>
        Assert.That(Outcomes.Classify("call", "completed", label), Is.EqualTo(expected));

    [TestCase("completed", null, Outcome.Failed)]
    [TestCase("completed", "", Outcome.Failed)]
    [TestCase("completed", "error", Outcome.Failed)]
    [TestCase("completed", "UNKNOWN", Outcome.Failed)]
    [TestCase("Completed ", "Failed", Outcome.Failed)]
    [TestCase("completed", "Voicemail", Outcome.Other)]
    [TestCase("failed", null, Outcome.Failed)]
    [TestCase(" FAILED", "Voicemail", Outcome.Failed)]
    [TestCase("pending", null, Outcome.Other)]
    [TestCase("in_progress", "Error", Outcome.Other)]
    [TestCase("hold", "Failed", Outcome.Other)]
    public void Status_determines_outcome_without_a_known_label(string status, string? label, Outcome expected) =>
        Assert.That(Outcomes.Classify("call", status, label), Is.EqualTo(expected));

    [TestCase("call", true)]
    [TestCase(" CALL ", true)]
    [TestCase("email", false)]
    [TestCase("", false)]
    public void Only_calls_have_an_outcome(string executionType, bool isCall) =>
        Assert.That(Outcomes.Classify(executionType, "completed", "Interested"), isCall ? Is.EqualTo(Outcome.Interested) : Is.Null);

    [TestCase(Outcome.Interested, "interested")]
    [TestCase(Outcome.CallBack, "call_back")]
    [TestCase(Outcome.SendDetails, "send_details")]
    [TestCase(Outcome.NotInterested, "not_interested")]
    [TestCase(Outcome.NotConnected, "not_connected")]
    [TestCase(Outcome.Failed, "failed")]
    [TestCase(Outcome.Other, "other")]
    public void Outcome_name_round_trips(Outcome outcome, string name)
    {
        Assert.That(Outcomes.Name(outcome), Is.EqualTo(name));
        Assert.That(Outcomes.Parse(name), Is.EqualTo(outcome));
    }

    [TestCase(null)]
    [TestCase("Interested")]
    public void Unknown_outcome_name_is_null(string? name) => Assert.That(Outcomes.Parse(name), Is.Null);
}
