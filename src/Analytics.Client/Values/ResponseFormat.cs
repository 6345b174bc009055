using System.Text.Json.Serialization;

namespace Analytics.Client;

/// <summary>The format of a response.</summary>
/// <param name="Value">The text in the API.</param>
[JsonConverter(typeof(ApiValueConverter<ResponseFormat>))]
public readonly record struct ResponseFormat(string Value) : IApiValue<ResponseFormat>
{
    /// <summary>The JSON of the response; the default.</summary>
    public static ResponseFormat Json { get; } = new("json");

    /// <summary>A line of column names, then one line for each row.</summary>
    public static ResponseFormat Csv { get; } = new("csv");

    /// <summary>One JSON object a line for each row.</summary>
    public static ResponseFormat Ndjson { get; } = new("ndjson");

    /// <summary>The text in the API.</summary>
    public override string ToString() => Value;

    static ResponseFormat IApiValue<ResponseFormat>.Create(string value) => new(value);
}
