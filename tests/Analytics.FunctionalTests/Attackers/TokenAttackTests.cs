using System.Text;
using Analytics.FunctionalTests.Support;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>Only a valid, unexpired token that is signed with our key and names a user is accepted, by any route.</summary>
/// <param name="areTokensCached">Whether the service has just accepted the tokens that the attacks are made of.</param>
[TestFixture(false), TestFixture(true)]
internal sealed class TokenAttackTests(bool areTokensCached) : AttackFixture
{
    private const string Header = """{"alg":"HS256","typ":"JWT"}""";

    private static readonly string ValidToken = Tokens.Create(PushRequest.EditorUserId);
    private static readonly string[] ValidTokenParts = ValidToken.Split('.');

    [SetUp]
    public async Task CacheTokensAsync()
    {
        string[] tokens = areTokensCached ? [ValidToken, Tokens.Create(Acme.MemberUserId), Tokens.Create(Victim.Member)] : [];
        foreach (var token in tokens)
        {
            Assert.That((await Service.SendAsync(new AnalyticsRequest { Authorization = $"jwt {token}" })).Status, Is.Not.EqualTo(401));
        }
    }

    private static IEnumerable<TestCaseData> ForgedTokens()
    {
        foreach (var none in new[] { "none", "None", "NONE", "nOnE", "", "null", "HS256 ", "hs256", "HS1", "none\u0000" })
        {
            yield return CreateCase($"unsigned, alg '{none}'", $"{Encode($$"""{"alg":"{{none}}"}""")}.{ValidTokenParts[1]}.");
            yield return CreateCase($"signed, alg '{none}'", SignWithHeader($$"""{"alg":"{{none}}"}"""));
        }

        foreach (var algorithm in new[] { "null", "256", "[]", "[\"HS256\"]", "{}", "true" })
        {
            yield return CreateCase($"alg {algorithm}", SignWithHeader($$"""{"alg":{{algorithm}}}"""));
        }

        yield return CreateCase("no alg", SignWithHeader("{}"));
        yield return CreateCase("alg twice, the last one none", SignWithHeader("""{"alg":"HS256","alg":"none"}"""));
        yield return CreateCase("alg twice, the first one none", SignWithHeader("""{"alg":"none","alg":"HS256"}"""));
        foreach (var header in new[] { "typ", "kid", "a" })
        {
            yield return CreateCase($"{header} twice", SignWithHeader($$"""{"alg":"HS256","{{header}}":"JWT","{{header}}":"JWT"}"""));
        }

        yield return CreateCase("a name twice in an object of the header", SignWithHeader("""{"alg":"HS256","jwk":{"k":"","k":""}}"""));
        yield return CreateCase("a header that is not an object", SignWithHeader("[]"));
        yield return CreateCase("a header that is not JSON", SignWithHeader("alg=HS256"));
        yield return CreateCase("a signature stripped", $"{ValidTokenParts[0]}.{ValidTokenParts[1]}.");
        yield return CreateCase("a signature and its dot stripped", $"{ValidTokenParts[0]}.{ValidTokenParts[1]}");
        yield return CreateCase("a truncated signature", ValidToken[..^2]);
        yield return CreateCase("a signature with a suffix", $"{ValidToken}AAAA");
        yield return CreateCase(
            "a signature of zeros", $"{ValidTokenParts[0]}.{ValidTokenParts[1]}.{Base64UrlEncoder.Encode(new byte[32])}");
        yield return CreateCase("the signature of another token",
            $"{ValidTokenParts[0]}.{ValidTokenParts[1]}.{Tokens.Create(Acme.MemberUserId).Split('.')[2]}");
        yield return CreateCase(
            "the claims of another token", $"{ValidTokenParts[0]}.{Tokens.Create(Victim.Member).Split('.')[1]}.{ValidTokenParts[2]}");
        yield return CreateCase("another key", Tokens.Create(PushRequest.EditorUserId, $"{Tokens.SigningKey} of another"));
        yield return CreateCase("a key of zeros", Tokens.Sign(Tokens.CreateClaims(("user_id", PushRequest.EditorUserId)),
            new SigningCredentials(new SymmetricSecurityKey(new byte[32]), SecurityAlgorithms.HmacSha256)));
        yield return CreateCase("a token in a token", Tokens.Sign($"\"{ValidToken}\""));
        yield return CreateCase(
            "a token encrypted",
            $"{Encode("""{"alg":"dir","enc":"A128CBC-HS256","cty":"JWT"}""")}..AAAAAAAAAAAAAAAAAAAAAA.{ValidTokenParts[1]}.AAAAAAAAAAAAAAAAAAAAAA");
        yield return CreateCase("only dots", "....");
        yield return CreateCase("30,000 dots", new string('.', 30_000));
        yield return CreateCase("30,000 characters", new string('e', 30_000));
        foreach (var crit in new[] { "[\"b64\"],\"b64\":false", "[\"exp\"],\"exp\":1", "[]", "null", "\"\"" })
        {
            yield return CreateCase($"crit {crit}", SignWithHeader($$"""{"alg":"HS256","crit":{{crit}}}"""));
        }
    }

    private static IEnumerable<TestCaseData> ExpiredOrNotYetValidTokens()
    {
        foreach (var expiry in new[] { "1", "1.5", "1e3", "\"1\"", "\"1e3\"", "-1", "-9223372036854775808", "\"\"", "\"never\"", "null",
            "[]", "[9999999999]", "{}", "true", "99999999999999999999", "\"2999-01-01T00:00:00Z\"" })
        {
            yield return CreateCase($"exp {expiry}", Tokens.Sign($$"""{"user_id":"{{PushRequest.EditorUserId}}","exp":{{expiry}}}"""));
        }

        // Milliseconds, or else beyond the year 9999.
        foreach (var time in new[] { "1764340000000", "253402300800", "253402300799.5", "\"1764340000000\"", "\"1e12\"", "1e308", "1e999" })
        {
            yield return CreateCase($"exp {time}", Tokens.Sign($$"""{"user_id":"{{PushRequest.EditorUserId}}","exp":{{time}}}"""));
            foreach (var name in new[] { "iat", "nbf" })
            {
                yield return CreateCase(
                    $"{name} {time}",
                    Sign(Header, $$"""{"user_id":"{{PushRequest.EditorUserId}}","exp":9999999999,"{{name}}":{{time}}}"""));
            }
        }

        yield return CreateCase(
            "exp twice, the last one expired", Tokens.Sign($$"""{"user_id":"{{PushRequest.EditorUserId}}","exp":9999999999,"exp":1}"""));
        yield return CreateCase("no exp, and an iat of now",
            Tokens.Sign($$"""{"user_id":"{{PushRequest.EditorUserId}}","iat":{{Tokens.GetUnixTimeFromNow(TimeSpan.Zero)}}}"""));
        foreach (var notBefore in new[] {
            "9999999999", "9999999999.5", "\"9999999999\"", "9223372036854775807", "\"now\"", "[]", "{}", "true" })
        {
            yield return CreateCase(
                $"nbf {notBefore}", Tokens.Sign($$"""{"user_id":"{{PushRequest.EditorUserId}}","exp":9999999999,"nbf":{{notBefore}}}"""));
        }
    }

    private static IEnumerable<TestCaseData> TokensWithoutValidUserId()
    {
        string[] users =
        [
            "null", "true", "false", "9.0", "9e0", "9.5", "[]", "[\"9\"]", "[9]", "{}", "{\"id\":\"9\"}", "\"\"", "\"\\u0000\"",
            "\"9\\u0000\"", "\"9\\n\"", "\"9\\u0085\"", "\"\\ud800\"",
            $"\"{new string('9', 129)}\"", new string('9', 129), $"\"{new string('9', 20_000)}\"", new string('9', 20_000), "1e999999999",
        ];
        foreach (var user in users)
        {
            yield return CreateCase($"user_id {(user.Length > 30 ? $"of {user.Length} characters" : user)}",
                Tokens.Sign($$"""{"user_id":{{user}},"sub":"{{PushRequest.EditorUserId}}","exp":9999999999}"""));
        }

        foreach (var duplicateClaim in new[] { "user_id", "sub", "scope" })
        {
            yield return CreateCase(
                $"{duplicateClaim} twice", Sign(
                    Header,
                    $$"""{"{{duplicateClaim}}":"{{PushRequest.EditorUserId}}","{{duplicateClaim}}":"{{PushRequest.EditorUserId}}","{{(duplicateClaim == "sub" ? "a" : "sub")}}":"{{PushRequest.EditorUserId}}","exp":9999999999}"""));
        }

        foreach (var payload in new[] {
            "[]", "null", "9", "\"9\"", "", "{", $$"""{"User_Id":"{{PushRequest.EditorUserId}}","exp":9999999999}""",
            $$"""{"user_id ":"{{PushRequest.EditorUserId}}","exp":9999999999}""",
            $$"""{"user_id":"{{PushRequest.EditorUserId}}","exp":9999999999}{}""" })
        {
            yield return CreateCase($"payload {payload}", Sign(Header, payload));
        }

        yield return CreateCase(
            "a payload nested 10,000 deep", Sign(
                Header,
                $$"""{"user_id":"{{PushRequest.EditorUserId}}","exp":9999999999,"a":{{new string('[', 10_000)}}{{new string(']', 10_000)}}}"""));
    }

    [TestCaseSource(nameof(ForgedTokens))]
    public Task Forged_token_is_rejected(string token) => AssertRejectedByAllRoutesAsync($"jwt {token}");

    [TestCaseSource(nameof(ExpiredOrNotYetValidTokens))]
    public Task Expired_or_not_yet_valid_token_is_rejected(string token) => AssertRejectedByAllRoutesAsync($"jwt {token}");

    [TestCaseSource(nameof(TokensWithoutValidUserId))]
    public Task Token_without_valid_user_id_is_rejected(string token) => AssertRejectedByAllRoutesAsync($"jwt {token}");

    [TestCase("jwt {0}, jwt {0}"), TestCase("jwt {0},{0}"), TestCase("jwt\t{0}"), TestCase("jwt {0} x"), TestCase("jwt {0};"),
        TestCase("jwt\u00A0{0}"), TestCase("jwt token={0}"), TestCase("jwt \"{0}\"")]
    [TestCase("{0}"), TestCase("Basic {0}"), TestCase("Basic {0}, jwt {0}"), TestCase("Digest jwt {0}"), TestCase("Token {0}"),
        TestCase("jwt={0}"), TestCase("JWT-Bearer {0}"), TestCase("\u00ADjwt {0}"), TestCase("")]
    public Task Malformed_authorization_header_is_rejected(string header) => AssertRejectedByAllRoutesAsync(InsertToken(header));

    [TestCase("jwt {0}", "jwt {0}"), TestCase("jwt {0}", "Basic YTpi"), TestCase("Basic YTpi", "jwt {0}"), TestCase("", "jwt {0}"),
        TestCase("jwt {0}", "")]
    public Task Duplicate_authorization_header_is_rejected(string first, string second) =>
        AssertRejectedByAllRoutesAsync(InsertToken(first), ("authorization", InsertToken(second)));

    [TestCase("Proxy-Authorization"), TestCase("X-Authorization"), TestCase("X-Access-Token"), TestCase("X-Original-Authorization"),
        TestCase("Cookie"), TestCase("Authorization_"), TestCase("X-User-Id"), TestCase("X-Forwarded-User"), TestCase("user_id")]
    public async Task Other_header_cannot_replace_authorization_header(string name)
    {
        await AssertRejectedByAllRoutesAsync(null, (name, InsertToken("jwt {0}")));
        await AssertRejectedByAllRoutesAsync(null, (name, PushRequest.EditorUserId));
    }

    [TestCase("access_token={0}"), TestCase("jwt={0}"), TestCase("token={0}"), TestCase("Authorization=jwt%20{0}"), TestCase("user_id=9")]
    public async Task Query_parameter_cannot_replace_authorization_header(string query)
    {
        foreach (var route in Route.All)
        {
            Assert.That((await Service.SendAsync(route, new AnalyticsRequest { Authorization = null, Query = InsertToken(query) })).Status,
                Is.EqualTo(401), $"{route}");
        }
    }

    [TestCase("""{"alg":"HS256","kid":"../../../../../../dev/null"}"""), TestCase(
        """{"alg":"HS256","kid":"' UNION SELECT 'key' --"}"""), TestCase("""{"alg":"HS256","jku":"http://127.0.0.1:1/keys"}"""),
        TestCase("""{"alg":"HS256","x5u":"http://127.0.0.1:1/keys"}"""), TestCase("""{"alg":"HS256","jwk":{"kty":"oct","k":""}}""")]
    public Task Token_header_cannot_select_key(string header) =>
        AssertRejectedByAllRoutesAsync($"jwt {Sign(header, CreatePayload(), key: [])}");

    [TestCase("01"), TestCase("09"), TestCase("9 "), TestCase(" 9"), TestCase("\uFF19"), TestCase("\u0669"), TestCase("9\u200B"),
        TestCase("9\u00A0"), TestCase("+9"), TestCase("9.0"), TestCase("9\uFE0F"), TestCase("\u2468")]
    public async Task User_ids_are_compared_ordinally(string user)
    {
        foreach (var route in Route.OrganisationRoutes)
        {
            var reply = await Service.SendAsync(route, new AnalyticsRequest { Authorization = Tokens.CreateAuthorization(user) });

            Assert.That((reply.Status, reply.Message), Is.EqualTo((404, "Organization not found.")), $"{route}");
        }
    }

    private static string CreatePayload() => $$"""{"user_id":"{{PushRequest.EditorUserId}}","exp":9999999999}""";

    private static string SignWithHeader(string header) => Sign(header, CreatePayload());

    // Signed with our own key unless another is given, so that only the payload is wrong.
    private static string Sign(string header, string payload, byte[]? key = null)
    {
        var signingInput = $"{Encode(header)}.{Encode(payload)}";
        return $"{signingInput}.{Base64UrlEncoder.Encode(System.Security.Cryptography.HMACSHA256.HashData(key ?? Encoding.UTF8.GetBytes(Tokens.SigningKey), Encoding.ASCII.GetBytes(signingInput)))}";
    }

    private static string Encode(string json) => Base64UrlEncoder.Encode(json);

    private static string InsertToken(string text) => text.Replace("{0}", ValidToken, StringComparison.Ordinal);

    private static TestCaseData CreateCase(string name, string token) => new TestCaseData(token).SetArgDisplayNames(name);

    private async Task AssertRejectedByAllRoutesAsync(string? authorization, params IEnumerable<(string Name, string Value)> headers)
    {
        foreach (var route in Route.All)
        {
            var reply = await Service.SendAsync(route, new AnalyticsRequest { Authorization = authorization, Headers = headers });

            Assert.That((reply.Status, (int?)reply.Json["status_code"]), Is.EqualTo((401, 401)), $"{route}: {reply.Body}");
            Assert.That(reply.GetValues("WWW-Authenticate"), Has.Count.EqualTo(2), $"{route}");
        }
    }
}
