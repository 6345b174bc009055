using System.Text.Json;
using System.Text.Json.Serialization;

namespace Analytics.Client;

/// <summary>
/// A value of one of the API's enumerations. These only ever grow: a response may have a value without a property here, and a
/// query may use one.
/// </summary>
/// <typeparam name="TSelf">The enumeration.</typeparam>
public interface IApiValue<TSelf>
    where TSelf : struct, IApiValue<TSelf>
{
    /// <summary>The text in the API.</summary>
    string Value { get; }

    /// <summary>Creates the value of a text.</summary>
    static abstract TSelf Create(string value);
}

/// <summary>Reads and writes a value of an enumeration as its text.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class ApiValueConverter<T> : JsonConverter<T>
    where T : struct, IApiValue<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? T.Create(reader.GetString()!) : throw new JsonException();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.Value);
    }
}
