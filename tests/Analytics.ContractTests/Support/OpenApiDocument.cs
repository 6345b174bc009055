using System.Collections.Concurrent;
using System.Text.Json;
using Json.Schema;

namespace Analytics.ContractTests.Support;

/// <summary>The OpenAPI document of the release that the tests belong to: a file beside them.</summary>
internal sealed class OpenApiDocument
{
    private const string JsonType = "application/json";

    private static readonly EvaluationOptions Verdict = new() { OutputFormat = OutputFormat.Flag, RequireFormatValidation = true };
    private static readonly EvaluationOptions Details = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly JsonElement _root;
    private readonly ConcurrentDictionary<string, JsonSchema> _schemas = new(StringComparer.Ordinal);

    private OpenApiDocument(JsonElement root) => _root = root;

    // Schemas refer to each other in the document; a schema that is taken out of it refers to its own definitions.
    public static OpenApiDocument Load() => new(JsonElement.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "openapi.json"))
            .Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal)));

    // The paths that can be read without parameters, but for the endless stream. They have no final slash in the document.
    public static IEnumerable<string> GetReadablePaths() =>
        Load()._root.GetProperty("paths").EnumerateObject()
            .Where(path => path.Value.TryGetProperty("get", out _) && path.Name != Routes.Stream.TrimEnd('/'))
            .Select(path => path.Name);

    // Each way in which a response differs from its description.
    public IEnumerable<string> FindViolations(Reply reply)
    {
        var method = reply.Request.Method == HttpMethod.Head ? HttpMethod.Get : reply.Request.Method;
        if (!_root.GetProperty("paths").TryGetProperty(reply.Request.Path.TrimEnd('/'), out var path)
            || !path.TryGetProperty(method.Method.ToLowerInvariant(), out var operation))
        {
            return reply.Status is 404 or 405
                ? FindErrorViolations(reply)
                : [$"Status {reply.Status} for a route or method that is not described: it must be 404 or 405"];
        }

        if (!operation.GetProperty("responses").TryGetProperty($"{reply.Status}", out var response))
        {
            return [$"Status {reply.Status} is not described for {method} {reply.Request.Path}"];
        }

        return [.. FindHeaderViolations(response, reply), .. FindBodyViolations(response, reply)];
    }

    // Each way in which a value differs from a schema of the document.
    public IEnumerable<string> FindViolations(string schema, JsonElement value) =>
        Evaluate($$"""{"$ref":"#/$defs/{{schema}}"}""", value);

    private IEnumerable<string> FindErrorViolations(Reply reply) =>
        reply.Request.Method == HttpMethod.Head ? [] : FindViolations("ErrorResponse", reply.Json);

    private IEnumerable<string> FindHeaderViolations(JsonElement response, Reply reply) =>
        from header in response.GetProperty("headers").EnumerateObject()
        let name = header.Value.GetProperty("$ref").GetString()!.Split('/')[^1]
        where _root.GetProperty("components").GetProperty("headers").GetProperty(name).TryGetProperty("required", out var required)
            && required.GetBoolean() && reply[header.Name] is null
        select $"The header {header.Name} is missing";

    private List<string> FindBodyViolations(JsonElement response, Reply reply)
    {
        if (!response.TryGetProperty("content", out var contents))
        {
            return reply.Content.Length == 0 ? [] : ["There is a body, and none is described"];
        }

        if (reply.MediaType is not { } type || !contents.TryGetProperty(type, out var content))
        {
            return [$"Content-Type {reply.MediaType} is not described for status {reply.Status}"];
        }

        return type == JsonType && reply.Request.Method != HttpMethod.Head && reply["Content-Encoding"] is null
            ? Evaluate(content.GetProperty("schema").GetRawText(), reply.Json)
            : [];
    }

    private List<string> Evaluate(string schema, JsonElement value)
    {
        var built = _schemas.GetOrAdd(schema, text => JsonSchema.FromText($$"""
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "$defs": {{_root.GetProperty("components").GetProperty("schemas").GetRawText()}},
              "allOf": [{{text}}]
            }
            """));
        return built.Evaluate(value, Verdict).IsValid
            ? []
            : [.. from detail in built.Evaluate(value, Details).Details ?? []
               from error in detail.Errors ?? new Dictionary<string, string>(StringComparer.Ordinal)
               select $"{detail.InstanceLocation}: {error.Value}"];
    }
}
