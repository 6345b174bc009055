using System.Text.Json.Serialization;

namespace Analytics.Client;

/// <summary>What came of a call.</summary>
/// <param name="Value">The text in the API.</param>
[JsonConverter(typeof(ApiValueConverter<Outcome>))]
public readonly record struct Outcome(string Value) : IApiValue<Outcome>
{
    /// <summary>Labelled Interested or InterestedIn.</summary>
    public static Outcome Interested { get; } = new("interested");

    /// <summary>Labelled Call Back.</summary>
    public static Outcome CallBack { get; } = new("call_back");

    /// <summary>Labelled Send Details.</summary>
    public static Outcome SendDetails { get; } = new("send_details");

    /// <summary>Labelled Not Interested.</summary>
    public static Outcome NotInterested { get; } = new("not_interested");

    /// <summary>Labelled Not Connected.</summary>
    public static Outcome NotConnected { get; } = new("not_connected");

    /// <summary>Without one of these labels, and failed or without a result.</summary>
    public static Outcome Failed { get; } = new("failed");

    /// <summary>Any other, or none yet.</summary>
    public static Outcome Other { get; } = new("other");

    /// <summary>The text in the API.</summary>
    public override string ToString() => Value;

    static Outcome IApiValue<Outcome>.Create(string value) => new(value);
}
