using System.Text;
using System.Text.Json.Nodes;
using Analytics.FunctionalTests.Support;
using CsCheck;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>A randomly changed request: its route, and its parts as sent.</summary>
internal sealed record FuzzedRequest(Route Route, string Target, (string Name, string Value)[] Headers, byte[] Body)
{
    public byte[] Bytes
    {
        get
        {
            var head = string.Concat(
                Headers.Prepend(("Content-Length", $"{Body.Length}")).Select(header => $"{header.Item1}: {header.Item2}\r\n"));
            return [.. Encoding.Latin1.GetBytes($"{Route.Method} {Target} HTTP/1.0\r\n{head}\r\n"), .. Body];
        }
    }

    public override string ToString() => Convert.ToBase64String(Bytes);
}

/// <summary>Valid requests, each with one part changed a little or a lot.</summary>
internal static class FuzzGenerators
{
    private const string Characters = "0123456789abcdefghijklmnopqrstuvwxyzABCXYZ.-_,;:=&%+/\\'\"<>{}[]()!?*#@$^`|~ \t";

    private static readonly string[] Values =
    [
        "", " ", "0", "-1", "1e9", "99999999999999999999", "null", "true", "[]", "{}", "%", "%00", "%0d%0a", "%ff", "%ed%a0%80",
        "%F0%9F%98%80", "*", "'", "\"", "../", "\u00E9", "all", "7d", "28d", "24h", "month", "year", "today", "hour", "day", "week",
        "space", "agent", "direction", "space,agent", "inbound", "previous_period", "previous_year", "reconciliation,components,meta",
        "total", "zero", "none", "csv", "ndjson", "json", "UTC", "Asia/Kolkata", "America/Scoresbysund", "Antarctica/Troll", "Pacific/Apia",
        "1900-01-01", "1970-01-01", "2026-02-29", "2026-03-29", "9998-12-31", "2026-11-01T00:00:00Z", "2026-11-01T00:15:00%2B05:30",
        "2026-11-01T00:00:00-18:00", "0001-01-01", "interested", "other", "completed", "call", Acme.SalesToken, "asha",
    ];

    private static readonly string[] ParameterNames =
        ["date_range", "start_date", "end_date", "timezone", "space_token", "agent", "direction", "interval", "group_by", "compare",
            "include", "fill", "limit", "format", "outcome", "status", "execution_type", "run_id", "label", "task_id",
            "cursor"];

    private static readonly string[] HeaderNames =
        ["Authorization", "Org-Handle", "Product-Id", "If-None-Match", "If-Match", "If-Modified-Since", "Last-Event-ID", "X-Request-Id",
            "Accept", "Accept-Charset", "Accept-Encoding", "Origin", "Access-Control-Request-Method", "Range", "Cookie", "Content-Type",
            "Content-Encoding", "Transfer-Encoding", "Expect", "Connection", "Upgrade", "traceparent", "X-Forwarded-For"];

    private static readonly Gen<char> Character = Gen.Frequency(
        (20, Gen.OneOf(Characters.ToCharArray())), (1, Gen.Char['\u0001', '\u00FF'].Where(character => character is not ('\r' or '\n'))));

    private static readonly Gen<string> Text = Gen.Frequency((3, Gen.OneOf(Values)), (1, Gen.String[Character, 0, 40]));

    private static readonly Gen<Route> AnyRoute = Gen.OneOf(Route.All);

    private static readonly Gen<string> Query =
        from pairs in Gen.Select(Gen.Frequency((9, Gen.OneOf(ParameterNames)), (1, Gen.String[Character, 0, 40])), Text).Array[0, 5]
        select string.Join('&', pairs.Select(pair => $"{pair.Item1}={pair.Item2}")).Replace(' ', '+').Replace('\t', '+');

    private static readonly Gen<string> Token = Gen.OneOf(
        Mutate(Encoding.ASCII.GetBytes(Tokens.Create(PushRequest.EditorUserId))).Select(Encoding.Latin1.GetString),
        from claims in Gen.Select(Gen.OneOf("user_id", "sub", "exp", "nbf", "iat", "aud", "iss", "scope", "jti"), Json).Array[0, 4]
        select Tokens.Sign(
            $"{{{string.Join(',', claims.Select(claim => $"\"{claim.Item1}\":{claim.Item2}").Append("\"exp\":9999999999"))}}}"),
        Gen.String[Character, 0, 80]);

    private static readonly Gen<(string Name, string Value)[]> RandomHeaders = Gen.Select(Gen.OneOf(HeaderNames), Text).Array[1, 4];

    private static readonly Gen<byte[]> Body = Gen.OneOf(
        Gen.Byte.Array[0, 200],
        Mutate(Encoding.UTF8.GetBytes(CreateTaskLines())),
        Gen.Select(Gen.OneOf("task_id", "space_token", "status", "execution_type", "product_id", "run_id", "agent", "direction", "outcome",
            "success_score", "duration_seconds", "created_at", "updated_at", "deleted", "other"), Json).Array[0, 8]
            .Array[1, 3].Select(lines => Encoding.UTF8.GetBytes(string.Join('\n', lines.Select(FormatLine)))));

    public static readonly Gen<FuzzedRequest> Requests = Gen.OneOf(
        from route in AnyRoute from query in Query select CreateRequest(route, query: query),
        from route in AnyRoute from token in Token select CreateRequest(route, authorization: $"jwt {token}"),
        from route in AnyRoute from headers in RandomHeaders select CreateRequest(route, headers: headers),
        from route in AnyRoute from query in Query from headers in RandomHeaders select CreateRequest(
            route, query: query, headers: headers),
        from body in Body select CreateRequest(Route.Push, body: body),
        from body in Body
        from gzip in Mutate(PushRequest.Compress(body))
        select CreateRequest(Route.Push, body: gzip, headers: [("Content-Encoding", "gzip")]));

    // Bytes that need not be a request.
    public static readonly Gen<byte[]> Bytes =
        from request in Requests
        from bytes in Mutate(request.Bytes)
        select bytes;

    private static Gen<string> Json => Gen.Frequency(
        (4, Gen.OneOf("null", "true", "0", "-1", "9", "1.5", "1e400", "9999999999", "99999999999999999999", "[]", "{}", "[[1]]", "\"\"",
            "\"9\"", "\"\\ud800\"", "\"\\u0000\"", "\"SALES\"", "\"completed\"", "\"call\"", "\"2026-01-01T00:00:00Z\"", "\"a\"")),
        (1, Gen.String[Character, 0, 20].Select(text => JsonValue.Create(text).ToJsonString())));

    private static FuzzedRequest CreateRequest(
        Route route, string query = "", string? authorization = null, (string Name, string Value)[]? headers = null, byte[]? body = null)
    {
        (string Name, string Value)[] defaults = [("Authorization", authorization ?? Tokens.CreateAuthorization(PushRequest.EditorUserId)),
            ("Org-Handle", Acme.Handle), .. route.BodyHeaders];
        var replacements = headers ?? [];

        // A header replaces the valid one, or is sent in addition: the first of each pair decides.
        return new FuzzedRequest(
            route,
            query.Length == 0 ? route.Path : $"{route.Path}?{query}",
            [.. defaults.Where(header => !replacements.Take(1).Any(other => other.Name == header.Name)), .. replacements],
            body ?? route.Body.ToArray());
    }

    private static string CreateTaskLines() => string.Join('\n', Enumerable.Range(0, 3).Select(number =>
        new NativeTask($"fuzzed {number}") { Agent = "asha", RunId = "run", Outcome = "Interested", SuccessScore = 7.25m,
            DurationSeconds = 61.5m, CreatedAt = "2026-01-01T00:00:00Z" }.ToLine()));

    private static string FormatLine((string Name, string Value)[] fields) =>
        $"{{{string.Join(',', fields.Select(field => $"\"{field.Name}\":{field.Value}"))}}}";

    // Flips a few bytes; removes, inserts or doubles a part; or truncates the end.
    private static Gen<byte[]> Mutate(byte[] original) =>
        from kind in Gen.Int[0, 4]
        from at in Gen.Int[0, original.Length]
        from length in Gen.Int[1, 16]
        from noise in Gen.Byte.Array[1, 8]
        let end = Math.Min(original.Length, at + length)
        select (byte[])(kind switch
        {
            0 => [.. original.Select(
                (value, index) => index >= at && index < at + noise.Length ? (byte)(value ^ noise[index - at]) : value)],
            1 => [.. original[..at], .. original[end..]],
            2 => [.. original[..at], .. noise, .. original[at..]],
            3 => [.. original[..end], .. original[at..]],
            _ => original[..at],
        });
}
