using System.Text;
using System.Text.Json;

namespace Analytics.ContractTests.Support;

/// <summary>A response, and the request that it answers, so that a failed test can show both.</summary>
internal sealed class Reply(ContractRequest request, HttpResponseMessage response, byte[] content)
{
    private const int MaxShown = 2_000;

    // As they were sent: HttpClient would write some of them anew.
    private readonly Dictionary<string, string[]> _headers = response.Headers.NonValidated
        .Concat(response.Content.Headers.NonValidated)
        .ToDictionary(header => header.Key, header => header.Value.ToArray(), StringComparer.OrdinalIgnoreCase);

    private readonly Lazy<JsonElement> _json = new(() => JsonElement.Parse(content));

    public ContractRequest Request { get; } = request;

    public Uri Address { get; } = response.RequestMessage!.RequestUri!;

    public int Status { get; } = (int)response.StatusCode;

    public byte[] Content { get; } = content;

    public string Text => Encoding.UTF8.GetString(Content);

    public JsonElement Json => _json.Value;

    public JsonElement Data => Json.GetProperty("data");

    public string? MediaType { get; } = response.Content.Headers.ContentType?.MediaType;

    public IReadOnlyDictionary<string, string[]> Headers => _headers;

    // The values of a header, separated by commas, or null if it is absent.
    public string? this[string header] => _headers.TryGetValue(header, out var values) ? string.Join(", ", values) : null;

    // What a test that fails says: the broken rule, what was sent and what came back. The token is left out.
    public string Explain(string rule)
    {
        var text = new StringBuilder().AppendLine().Append("Rule: ").AppendLine(rule);
        AppendTo(text);
        return $"{text}";
    }

    // The same with another exchange that the rule compares with this one.
    public string Explain(string rule, Reply other)
    {
        var text = new StringBuilder(Explain(rule));
        other.AppendTo(text);
        return $"{text}";
    }

    private void AppendTo(StringBuilder text)
    {
        text.Append("Sent: ").Append(Request.Method).Append(' ').Append(Address).AppendLine();
        foreach (var (name, value) in Request.GetAllHeaders())
        {
            text.Append("  ").Append(name).Append(": ").AppendLine(value.Replace(Deployment.Token, "<token>", StringComparison.Ordinal));
        }

        if (Request.Body is { } body)
        {
            text.Append("  ").AppendLine(Shorten(Encoding.UTF8.GetString(body)));
        }

        text.Append("Received: ").Append(Status).AppendLine();
        foreach (var (name, values) in _headers)
        {
            text.Append("  ").Append(name).Append(": ").AppendJoin(", ", values).AppendLine();
        }

        text.Append("  ").AppendLine(Shorten(Text));
    }

    private static string Shorten(string text) => text.Length <= MaxShown ? text : $"{text[..MaxShown]}… ({text.Length} characters)";
}
