using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Analytics.FunctionalTests;

/// <summary>A test covers each statement of the documentation's page about security.</summary>
internal sealed partial class SecurityPageTests
{
    private static readonly string Page = File.ReadAllText(GetRepositoryPath(".github/docs/security.md"));

    private static IEnumerable<string> NamedTests => TestNamePattern().Matches(Page).Select(name => name.Value);

    [TestCaseSource(nameof(NamedTests))]
    public void Test_named_on_the_page_exists(string name)
    {
        var parts = name.Split('.');
        var method = Assembly.GetExecutingAssembly().GetTypes().SingleOrDefault(type => type.Name == parts[0])?.GetMethod(parts[1]);

        Assert.That(method?.GetCustomAttributes().Select(attribute => attribute.GetType().Name), Has.Some.StartWith("Test"),
            $"{name} is not a test.");
    }

    [Test]
    public void Every_promise_names_a_test() =>
        Assert.That(Page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)
            && !line.StartsWith("| promise", StringComparison.Ordinal) && !TestNamePattern().IsMatch(line)), Is.Empty);

    [Test]
    public void Every_attack_test_is_named_on_the_page() =>
        Assert.That(
            from type in Assembly.GetExecutingAssembly().GetTypes()
            where type.Namespace == "Analytics.FunctionalTests.Attackers"
            from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            where method.GetCustomAttributes().Any(attribute => attribute.GetType().Name.StartsWith("Test", StringComparison.Ordinal))
            let name = $"{type.Name}.{method.Name}"
            where !NamedTests.Contains(name)
            select name,
            Is.Empty);

    private static string GetRepositoryPath(string path, [CallerFilePath] string callerFilePath = "") =>
        Path.Combine(Path.GetDirectoryName(callerFilePath)!, "../..", path);

    [GeneratedRegex(@"(?<=`)[A-Z][A-Za-z]+\.[A-Z][A-Za-z0-9_]+(?=`)", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex TestNamePattern();
}
