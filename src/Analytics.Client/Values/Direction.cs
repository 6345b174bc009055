using System.Text.Json.Serialization;

namespace Analytics.Client;

/// <summary>Who called whom.</summary>
/// <param name="Value">The text in the API.</param>
[JsonConverter(typeof(ApiValueConverter<Direction>))]
public readonly record struct Direction(string Value) : IApiValue<Direction>
{
    /// <summary>The customer called.</summary>
    public static Direction Inbound { get; } = new("inbound");

    /// <summary>The customer was called.</summary>
    public static Direction Outbound { get; } = new("outbound");

    /// <summary>Unknown: the task has no direction.</summary>
    public static Direction None { get; } = new("");

    /// <summary>The text in the API.</summary>
    public override string ToString() => Value;

    static Direction IApiValue<Direction>.Create(string value) => new(value);
}
