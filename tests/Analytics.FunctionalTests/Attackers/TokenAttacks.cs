using System.Text;
using Analytics.FunctionalTests.Support;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>No token but a whole one, by our key, that has not ended and names a user, opens any route.</summary>
internal sealed class TokenAttacks : AttackedFixture
{
    private const string Header = """{"alg":"HS256","typ":"JWT"}""";

    private static readonly string Good = Tokens.For(Push.Editor);
    private static readonly string[] Parts = Good.Split('.');

    private static IEnumerable<TestCaseData> ForgedTokens()
    {
        foreach (var none in new[] { "none", "None", "NONE", "nOnE", "", "null", "HS256 ", "hs256", "HS1", "none\u0000" })
        {
            yield return Token($"unsigned, alg '{none}'", $"{Encoded($$"""{"alg":"{{none}}"}""")}.{Parts[1]}.");
            yield return Token($"signed, alg '{none}'", SignedAs($$"""{"alg":"{{none}}"}"""));
        }

        foreach (var algorithm in new[] { "null", "256", "[]", "[\"HS256\"]", "{}", "true" })
        {
            yield return Token($"alg {algorithm}", SignedAs($$"""{"alg":{{algorithm}}}"""));
        }

        yield return Token("no alg", SignedAs("{}"));
        yield return Token("alg twice, the last one none", SignedAs("""{"alg":"HS256","alg":"none"}"""));
        yield return Token("a header that is no object", SignedAs("[]"));
        yield return Token("a header that is no JSON", SignedAs("alg=HS256"));
        yield return Token("a signature stripped", $"{Parts[0]}.{Parts[1]}.");
        yield return Token("a signature and its point stripped", $"{Parts[0]}.{Parts[1]}");
        yield return Token("a signature cut", Good[..^2]);
        yield return Token("a signature with more behind it", $"{Good}AAAA");
        yield return Token("a signature of zeros", $"{Parts[0]}.{Parts[1]}.{Base64UrlEncoder.Encode(new byte[32])}");
        yield return Token("the signature of another token", $"{Parts[0]}.{Parts[1]}.{Tokens.For(Acme.Member).Split('.')[2]}");
        yield return Token("the claims of another token", $"{Parts[0]}.{Tokens.For(Victim.Member).Split('.')[1]}.{Parts[2]}");
        yield return Token("another key", Tokens.For(Push.Editor, $"{Tokens.Key} of another"));
        yield return Token("a key of nothing but zeros", Tokens.Sign(Tokens.Claims(("user_id", Push.Editor)), new SigningCredentials(new SymmetricSecurityKey(new byte[32]), SecurityAlgorithms.HmacSha256)));
        yield return Token("a token in a token", Tokens.Sign($"\"{Good}\""));
        yield return Token("a token encrypted", $"{Encoded("""{"alg":"dir","enc":"A128CBC-HS256","cty":"JWT"}""")}..AAAAAAAAAAAAAAAAAAAAAA.{Parts[1]}.AAAAAAAAAAAAAAAAAAAAAA");
        yield return Token("points alone", "....");
        yield return Token("30,000 points", new string('.', 30_000));
        yield return Token("30,000 characters", new string('e', 30_000));
        foreach (var crit in new[] { "[\"b64\"],\"b64\":false", "[\"exp\"],\"exp\":1", "[]", "null", "\"\"" })
        {
            yield return Token($"crit {crit}", SignedAs($$"""{"alg":"HS256","crit":{{crit}}}"""));
        }
    }

    private static IEnumerable<TestCaseData> EndedTokens()
    {
        foreach (var expiry in new[] { "1", "1.5", "1e3", "\"1\"", "\"1e3\"", "-1", "-9223372036854775808", "\"\"", "\"never\"", "null", "[]", "[9999999999]", "{}", "true", "1e308", "99999999999999999999", "\"2999-01-01T00:00:00Z\"" })
        {
            yield return Token($"exp {expiry}", Tokens.Sign($$"""{"user_id":"{{Push.Editor}}","exp":{{expiry}}}"""));
        }

        yield return Token("exp twice, the last one over", Tokens.Sign($$"""{"user_id":"{{Push.Editor}}","exp":9999999999,"exp":1}"""));
        yield return Token("no exp, and an iat of now", Tokens.Sign($$"""{"user_id":"{{Push.Editor}}","iat":{{Tokens.In(TimeSpan.Zero)}}}"""));
        foreach (var start in new[] { "9999999999", "9999999999.5", "\"9999999999\"", "9223372036854775807", "1e308", "\"now\"", "[]", "{}", "true" })
        {
            yield return Token($"nbf {start}", Tokens.Sign($$"""{"user_id":"{{Push.Editor}}","exp":9999999999,"nbf":{{start}}}"""));
        }
    }

    private static IEnumerable<TestCaseData> NobodysTokens()
    {
        string[] users =
        [
            "null", "true", "false", "9.0", "9e0", "9.5", "[]", "[\"9\"]", "[9]", "{}", "{\"id\":\"9\"}", "\"\"", "\"\\u0000\"", "\"9\\u0000\"", "\"9\\n\"", "\"9\\u0085\"", "\"\\ud800\"",
            $"\"{new string('9', 129)}\"", new string('9', 129), $"\"{new string('9', 20_000)}\"", new string('9', 20_000), "1e999999999",
        ];
        foreach (var user in users)
        {
            yield return Token($"user_id {(user.Length > 30 ? $"of {user.Length} characters" : user)}", Tokens.Sign($$"""{"user_id":{{user}},"sub":"{{Push.Editor}}","exp":9999999999}"""));
        }

        foreach (var twice in new[] { "user_id", "sub", "scope" })
        {
            yield return Token($"{twice} twice", Signed(Header, $$"""{"{{twice}}":"{{Push.Editor}}","{{twice}}":"{{Push.Editor}}","{{(twice == "sub" ? "a" : "sub")}}":"{{Push.Editor}}","exp":9999999999}"""));
        }

        foreach (var payload in new[] { "[]", "null", "9", "\"9\"", "", "{", $$"""{"User_Id":"{{Push.Editor}}","exp":9999999999}""", $$"""{"user_id ":"{{Push.Editor}}","exp":9999999999}""", $$"""{"user_id":"{{Push.Editor}}","exp":9999999999}{}""" })
        {
            yield return Token($"payload {payload}", Signed(Header, payload));
        }

        yield return Token("a payload nested 10,000 deep", Signed(Header, $$"""{"user_id":"{{Push.Editor}}","exp":9999999999,"a":{{new string('[', 10_000)}}{{new string(']', 10_000)}}}"""));
    }

    [TestCaseSource(nameof(ForgedTokens))]
    public Task AForgedTokenOpensNoRoute(string token) => AssertOpensNothingAsync($"jwt {token}");

    [TestCaseSource(nameof(EndedTokens))]
    public Task ATokenThatHasEndedOrNotBegunOpensNoRoute(string token) => AssertOpensNothingAsync($"jwt {token}");

    [TestCaseSource(nameof(NobodysTokens))]
    public Task ATokenThatNamesNobodyOpensNoRoute(string token) => AssertOpensNothingAsync($"jwt {token}");

    [TestCase("jwt {0}, jwt {0}"), TestCase("jwt {0},{0}"), TestCase("jwt\t{0}"), TestCase("jwt {0} x"), TestCase("jwt {0};"), TestCase("jwt\u00A0{0}"), TestCase("jwt token={0}"), TestCase("jwt \"{0}\"")]
    [TestCase("{0}"), TestCase("Basic {0}"), TestCase("Basic {0}, jwt {0}"), TestCase("Digest jwt {0}"), TestCase("Token {0}"), TestCase("jwt={0}"), TestCase("JWT-Bearer {0}"), TestCase("\u00ADjwt {0}"), TestCase("")]
    public Task AHeaderThatIsNotOneSchemeAndOneTokenOpensNoRoute(string header) => AssertOpensNothingAsync(Filled(header));

    [TestCase("jwt {0}", "jwt {0}"), TestCase("jwt {0}", "Basic YTpi"), TestCase("Basic YTpi", "jwt {0}"), TestCase("", "jwt {0}"), TestCase("jwt {0}", "")]
    public Task AuthorizationGivenTwiceOpensNoRoute(string first, string second) =>
        AssertOpensNothingAsync(Filled(first), ("authorization", Filled(second)));

    [TestCase("Proxy-Authorization"), TestCase("X-Authorization"), TestCase("X-Access-Token"), TestCase("X-Original-Authorization"), TestCase("Cookie"), TestCase("Authorization_"), TestCase("X-User-Id"), TestCase("X-Forwarded-User"), TestCase("user_id")]
    public async Task NothingStandsInForTheHeader(string name)
    {
        await AssertOpensNothingAsync(null, (name, Filled("jwt {0}")));
        await AssertOpensNothingAsync(null, (name, Push.Editor));
    }

    [TestCase("access_token={0}"), TestCase("jwt={0}"), TestCase("token={0}"), TestCase("Authorization=jwt%20{0}"), TestCase("user_id=9")]
    public async Task NoParameterStandsInForTheHeader(string query)
    {
        foreach (var route in Route.All)
        {
            Assert.That((await Service.AskAsync(route, new Question { Authorization = null, Query = Filled(query) })).Status, Is.EqualTo(401), $"{route}");
        }
    }

    [TestCase("""{"alg":"HS256","kid":"../../../../../../dev/null"}"""), TestCase("""{"alg":"HS256","kid":"' UNION SELECT 'key' --"}"""), TestCase("""{"alg":"HS256","jku":"http://127.0.0.1:1/keys"}"""), TestCase("""{"alg":"HS256","x5u":"http://127.0.0.1:1/keys"}"""), TestCase("""{"alg":"HS256","jwk":{"kty":"oct","k":""}}""")]
    public Task NoHeaderOfATokenSaysByWhichKeyItIsJudged(string header) =>
        AssertOpensNothingAsync($"jwt {Signed(header, Payload(), key: [])}");

    [TestCase("01"), TestCase("09"), TestCase("9 "), TestCase(" 9"), TestCase("\uFF19"), TestCase("\u0669"), TestCase("9\u200B"), TestCase("9\u00A0"), TestCase("+9"), TestCase("9.0"), TestCase("9\uFE0F"), TestCase("\u2468")]
    public async Task AUserIsWhoeverIsWrittenAndNobodyLikeIt(string user)
    {
        foreach (var route in Route.OfOrganisations)
        {
            var reply = await Service.AskAsync(route, new Question { Authorization = Tokens.Jwt(user) });

            Assert.That((reply.Status, reply.Message), Is.EqualTo((404, "Organization not found.")), $"{route}");
        }
    }

    private static string Payload() => $$"""{"user_id":"{{Push.Editor}}","exp":9999999999}""";

    private static string SignedAs(string header) => Signed(header, Payload());

    /// <summary>By our own key unless another is named: only what is said with it is wrong.</summary>
    private static string Signed(string header, string payload, byte[]? key = null)
    {
        var signed = $"{Encoded(header)}.{Encoded(payload)}";
        return $"{signed}.{Base64UrlEncoder.Encode(System.Security.Cryptography.HMACSHA256.HashData(key ?? Encoding.UTF8.GetBytes(Tokens.Key), Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encoded(string json) => Base64UrlEncoder.Encode(json);

    private static string Filled(string text) => text.Replace("{0}", Good, StringComparison.Ordinal);

    private static TestCaseData Token(string what, string token) => new TestCaseData(token).SetArgDisplayNames(what);

    private async Task AssertOpensNothingAsync(string? authorization, params IEnumerable<(string Name, string Value)> headers)
    {
        foreach (var route in Route.All)
        {
            var reply = await Service.AskAsync(route, new Question { Authorization = authorization, Headers = headers });

            Assert.That((reply.Status, (int?)reply.Json["status_code"]), Is.EqualTo((401, 401)), $"{route}: {reply.Body}");
            Assert.That(reply.Lines("WWW-Authenticate"), Has.Count.EqualTo(2), $"{route}");
        }
    }
}
