using System.Text.Json.Serialization;

namespace Analytics.Client;

/// <summary>Whether more of a number is better.</summary>
/// <param name="Value">The text in the API.</param>
[JsonConverter(typeof(ApiValueConverter<Better>))]
public readonly record struct Better(string Value) : IApiValue<Better>
{
    /// <summary>More is better.</summary>
    public static Better More { get; } = new("more");

    /// <summary>Less is better.</summary>
    public static Better Less { get; } = new("less");

    /// <summary>Neither is better.</summary>
    public static Better Neither { get; } = new("neither");

    /// <summary>The text in the API.</summary>
    public override string ToString() => Value;

    static Better IApiValue<Better>.Create(string value) => new(value);
}
