using Analytics.Domain.Tasks;

namespace Analytics.Domain.Tests.Tasks;

internal sealed class DirectionTests
{
    [TestCase(Direction.None, "")]
    [TestCase(Direction.Inbound, "inbound")]
    [TestCase(Direction.Outbound, "outbound")]
    public void Direction_name_round_trips(Direction direction, string name)
    {
        Assert.That(Directions.Name(direction), Is.EqualTo(name));
        Assert.That(Directions.Parse(name), Is.EqualTo(direction));
    }

    [TestCase("Inbound")]
    [TestCase("sideways")]
    public void Unknown_direction_name_is_none(string name) => Assert.That(Directions.Parse(name), Is.EqualTo(Direction.None));
}
