namespace Analytics.Domain.Tasks;

/// <summary>Who placed the call.</summary>
public enum Direction
{
    /// <summary>Not known, or not a call.</summary>
    None,

    /// <summary>The platform was called.</summary>
    Inbound,

    /// <summary>The platform called.</summary>
    Outbound,
}

/// <summary>The directions' names.</summary>
public static class Directions
{
    /// <summary>The name under which a direction is stored and shown; none is <c>''</c>.</summary>
    public static string Name(Direction direction) => direction switch
    {
        Direction.None => "",
        Direction.Inbound => "inbound",
        Direction.Outbound => "outbound",
    };

    /// <summary>The direction of a name; none where nothing has that name.</summary>
    public static Direction Parse(string name) => Enum.GetValues<Direction>().FirstOrDefault(direction => Name(direction) == name);
}
