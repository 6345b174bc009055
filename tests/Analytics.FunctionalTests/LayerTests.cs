using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using ArchUnitNET.NUnit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Analytics.FunctionalTests;

/// <summary>Which layer may know which.</summary>
internal sealed class LayerTests
{
    private const string Domain = "Analytics.Domain";
    private const string Application = "Analytics.Application";
    private const string Infrastructure = "Analytics.Infrastructure";

    private static readonly Architecture Architecture = new ArchLoader()
        .LoadAssemblies(typeof(Analytics.Domain.Timestamp).Assembly, typeof(Analytics.Application.DependencyInjection).Assembly, typeof(Analytics.Infrastructure.Migrations.Migrator).Assembly, typeof(Program).Assembly)
        .Build();

    [Test]
    public void Domain_references_only_the_base_library() => AssertReferences(typeof(Analytics.Domain.Timestamp), [@"^System\.", "^netstandard$"]);

    [Test]
    public void Application_references_no_database_driver_or_web_server() =>
        AssertReferences(typeof(Analytics.Application.DependencyInjection), [@"^System\.", Domain, "AutoMapper", "Dapper", "FluentValidation", "MediatR", "NodaTime", "Polly.Core", @"^Microsoft\.Extensions\."]);

    [Test]
    public void Infrastructure_references_no_web_server() =>
        Assert.That(GetReferences(typeof(Analytics.Infrastructure.Migrations.Migrator)), Has.None.StartWith("Microsoft.AspNetCore"));

    [Test]
    public void Api_uses_Dapper_only_in_health_checks() =>
        Classes().That().ResideInNamespaceMatching(@"^Analytics\.Api(\.|$)").And().DoNotResideInNamespaceMatching(@"^Analytics\.Api\.Health")
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching("^Dapper")
            .Check(Architecture);

    [Test]
    public void Engines_and_drivers_are_used_only_in_Infrastructure() =>
        Types().That().DoNotResideInNamespaceMatching($@"^{Infrastructure}(\.|$)")
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching($@"^{Infrastructure}\.(Sqlite|SqlServer|Postgres)|^Microsoft\.Data|^Npgsql")
            .Check(Architecture);

    [TestCase("Sqlite", "SqlServer|Postgres"), TestCase("SqlServer", "Sqlite|Postgres"), TestCase("Postgres", "Sqlite|SqlServer")]
    public void Engine_does_not_depend_on_other_engines(string engine, string others) =>
        Types().That().ResideInNamespaceMatching($@"^{Infrastructure}\.{engine}$")
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching($@"^{Infrastructure}\.({others})$")
            .Check(Architecture);

    [Test]
    public void Layers_depend_only_inwards()
    {
        Types().That().ResideInNamespaceMatching($@"^{Domain}(\.|$)").Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching($@"^({Application}|{Infrastructure}|Analytics\.Api)(\.|$)").Check(Architecture);
        Types().That().ResideInNamespaceMatching($@"^{Application}(\.|$)").Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching($@"^({Infrastructure}|Analytics\.Api)(\.|$)").Check(Architecture);
        Types().That().ResideInNamespaceMatching($@"^{Infrastructure}(\.|$)").Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^Analytics\.Api(\.|$)").Check(Architecture);
    }

    private static void AssertReferences(System.Type type, string[] allowed) =>
        Assert.That(GetReferences(type).Where(name => !allowed.Any(pattern => System.Text.RegularExpressions.Regex.IsMatch(name, pattern, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)))), Is.Empty);

    private static IEnumerable<string> GetReferences(System.Type type) => type.Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
}
