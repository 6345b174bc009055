using System.Text.Json.Serialization;

namespace Analytics.Client;

/// <summary>What groups are made of.</summary>
/// <param name="Value">The text in the API.</param>
[JsonConverter(typeof(ApiValueConverter<GroupDimension>))]
public readonly record struct GroupDimension(string Value) : IApiValue<GroupDimension>
{
    /// <summary>The space.</summary>
    public static GroupDimension Space { get; } = new("space");

    /// <summary>The voice agent.</summary>
    public static GroupDimension Agent { get; } = new("agent");

    /// <summary>Inbound or outbound.</summary>
    public static GroupDimension Direction { get; } = new("direction");

    /// <summary>The run, such as a campaign.</summary>
    public static GroupDimension Run { get; } = new("run");

    /// <summary>The label of the call.</summary>
    public static GroupDimension Label { get; } = new("label");

    /// <summary>The local day of the week.</summary>
    public static GroupDimension DayOfWeek { get; } = new("day_of_week");

    /// <summary>The local hour of the day.</summary>
    public static GroupDimension HourOfDay { get; } = new("hour_of_day");

    /// <summary>The text in the API.</summary>
    public override string ToString() => Value;

    static GroupDimension IApiValue<GroupDimension>.Create(string value) => new(value);
}
