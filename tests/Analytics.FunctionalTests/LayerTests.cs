using System.Reflection;
using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using ArchUnitNET.NUnit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Analytics.FunctionalTests;

/// <summary>Which assemblies, and which modules of an assembly, may use which others.</summary>
internal sealed class LayerTests
{
    private const string Domain = "Analytics.Domain";
    private const string Application = "Analytics.Application";
    private const string Infrastructure = "Analytics.Infrastructure";
    private const string Api = "Analytics.Api";

    private static readonly Architecture Architecture = new ArchLoader()
        .LoadAssemblies(
            typeof(Analytics.Domain.Timestamp).Assembly,
            typeof(Analytics.Application.DependencyInjection).Assembly,
            typeof(Analytics.Infrastructure.Migrations.Migrator).Assembly,
            typeof(Program).Assembly)
        .Build();

    [Test]
    public void Domain_references_only_the_framework() =>
        AssertReferences(typeof(Analytics.Domain.Timestamp), [@"^System\.", "^netstandard$"]);

    [Test]
    public void Application_references_no_driver_and_no_web_server() => AssertReferences(
        typeof(Analytics.Application.DependencyInjection),
        [
            @"^System\.", Domain, "AutoMapper", "Dapper", "FluentValidation", "MediatR", "NodaTime", "Polly.Core",
            @"^Microsoft\.Extensions\.",
        ]);

    // It is used without the service.
    [Test]
    public void Client_references_no_other_project() =>
        Assert.That(ReferencesOf(typeof(Analytics.Client.AnalyticsClient)), Has.None.StartWith("Analytics."));

    [Test]
    public void Infrastructure_references_no_web_server() =>
        Assert.That(ReferencesOf(typeof(Analytics.Infrastructure.Migrations.Migrator)), Has.None.StartWith("Microsoft.AspNetCore"));

    [Test]
    public void Only_the_readiness_check_of_the_api_sends_statements() =>
        Classes().That().ResideInNamespaceMatching(In(Api)).And().DoNotResideInNamespaceMatching(In($"{Api}.Health"))
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching("^Dapper")
            .Check(Architecture);

    [Test]
    public void Engines_are_used_only_by_infrastructure() =>
        Types().That().DoNotResideInNamespaceMatching(In(Infrastructure))
            .Should().NotDependOnAnyTypesThat()
            .ResideInNamespaceMatching($@"^{Infrastructure}\.(Sqlite|SqlServer|Postgres)|^Microsoft\.Data|^Npgsql")
            .Check(Architecture);

    [TestCase("Sqlite", "SqlServer|Postgres"), TestCase("SqlServer", "Sqlite|Postgres"), TestCase("Postgres", "Sqlite|SqlServer")]
    public void Engine_uses_no_other_engine(string engine, string others) =>
        AssertUnused($"{Infrastructure}.{engine}", $"{Infrastructure}.({others})");

    [TestCase(Domain, $"({Application}|{Infrastructure}|{Api})")]
    [TestCase(Application, $"({Infrastructure}|{Api})")]
    [TestCase(Infrastructure, Api)]
    public void Layer_uses_no_outer_layer(string layer, string outer) => AssertUnused(layer, outer);

    [TestCase("(Storage|Concurrency|Requests)", "Organisations|Observability|Rollups|Ingestion|Reporting|Behaviors|Administration|Demo")]
    [TestCase("Observability", "Organisations|Rollups|Ingestion|Reporting|Behaviors|Administration|Demo")]
    [TestCase("Organisations", "Rollups|Ingestion|Reporting|Behaviors|Administration|Demo")]
    [TestCase("Behaviors", "Rollups|Ingestion|Reporting|Administration|Demo")]
    [TestCase("Rollups", "Ingestion|Reporting|Behaviors|Administration|Demo")]
    [TestCase("Reporting", "Ingestion|Behaviors|Administration|Demo")]
    [TestCase("Ingestion", "Reporting|Behaviors|Administration|Demo")]
    [TestCase("(Administration|Demo)", "Reporting|Behaviors")]
    public void Module_uses_only_modules_below_it(string module, string others) =>
        AssertUnused($"{Application}.{module}", $"{Application}.({others})");

    [Test]
    public void Controllers_use_only_requests_and_responses() =>
        AssertUnused($"{Api}.Controllers", $"{Application}.(Behaviors|Rollups|Storage|Concurrency|Administration|Demo)");

    [Test]
    public void Handlers_and_statements_are_internal() =>
        Classes().That().ResideInNamespaceMatching(In(Application)).And().HaveNameMatching("(Handler|Sql)$")
            .Should().NotBePublic()
            .Check(Architecture);

    // A copy by `with` would keep a value that was computed from the original's properties.
    [Test]
    public void Records_cache_nothing_that_is_computed_from_their_properties() => Assert.That(
        from type in typeof(Analytics.Application.DependencyInjection).Assembly.GetTypes()
        where type.GetMethod("<Clone>$") is not null
        from field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        let property = Regex.Match(field.Name, "(?<=^<).+(?=>)", RegexOptions.None, TimeSpan.FromSeconds(1)).Value
        where !field.IsInitOnly && type.GetProperty(property) is not { CanWrite: true }
        select $"{type.Name}.{field.Name}",
        Is.Empty);

    // The modules are the namespaces directly below the assembly's own; deeper namespaces belong to them.
    [TestCase(Domain), TestCase(Application), TestCase(Infrastructure), TestCase(Api)]
    public void Modules_have_no_cycles(string assembly)
    {
        var dependencies = Architecture.Types
            .SelectMany(type => type.Dependencies, (type, dependency) => (From: GetModule(type), To: GetModule(dependency.Target)))
            .Where(dependency => dependency.From.Length > 0 && dependency.To.Length > 0 && dependency.From != dependency.To)
            .ToHashSet();

        // A dependency on a module that uses none, or of a module that none uses, is in no cycle.
        while (dependencies.RemoveWhere(IsInNoCycle) > 0)
        {
        }

        Assert.That(dependencies.Select(dependency => $"{dependency.From} -> {dependency.To}").Order(), Is.Empty);

        string GetModule(IType type) =>
            Regex.Match(type.Namespace?.FullName ?? "", $@"(?<=^{Regex.Escape(assembly)}\.)\w+", RegexOptions.None,
                TimeSpan.FromSeconds(1)).Value;

        bool IsInNoCycle((string From, string To) dependency) =>
            dependencies.All(other => other.From != dependency.To) || dependencies.All(other => other.To != dependency.From);
    }

    private static void AssertUnused(string user, string used) =>
        Types().That().ResideInNamespaceMatching(In(user))
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching(In(used))
            .Check(Architecture);

    private static string In(string @namespace) => $@"^{@namespace}(\.|$)";

    private static void AssertReferences(System.Type type, string[] allowed) => Assert.That(
        ReferencesOf(type).Where(name => !allowed.Any(pattern => Regex.IsMatch(name, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))),
        Is.Empty);

    private static IEnumerable<string> ReferencesOf(System.Type type) =>
        type.Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
}
