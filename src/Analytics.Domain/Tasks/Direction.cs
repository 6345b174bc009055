namespace Analytics.Domain.Tasks;

/// <summary>Inbound: the platform was called. Outbound: the platform called. None: unknown, or not a call.</summary>
public enum Direction
{
    None,
    Inbound,
    Outbound,
}

/// <summary>The names under which directions are stored and shown; none is <c>''</c>.</summary>
public static class Directions
{
    public static string Name(Direction direction) => direction switch
    {
        Direction.None => "",
        Direction.Inbound => "inbound",
        Direction.Outbound => "outbound",
    };

    public static Direction Parse(string name) => Enum.GetValues<Direction>().FirstOrDefault(direction => Name(direction) == name);
}
