using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Analytics.Client.Tests;

/// <summary>The client has everything that the OpenAPI document describes.</summary>
internal sealed class ContractTests
{
    private static readonly JsonElement Document = ReadDocument();
    private static readonly JsonElement Schemas = Document.GetProperty("components").GetProperty("schemas");

    // The status line says the same; the client pushes arrays, whose errors have an index.
    private static readonly string[] OmittedProperties = ["status_code", "message", "line"];

    // Neither a caller nor a response of the client has these.
    private static readonly string[] OmittedEnums = ["ContentCoding", "StreamFormat", "TaskListInclude"];

    private static readonly string[] ClientsOwnValues = ["", ErrorCode.Unreachable.Value, ErrorCode.Unknown.Value];

    private static IEnumerable<string> DataSchemas { get; } =
    [
        .. GetOperations()
            .SelectMany(operation => operation.GetProperty("responses").EnumerateObject())
            .SelectMany(response => GetReferences(response.Value))
            .Distinct()
            .Where(name => Schemas.GetProperty(name).TryGetProperty("properties", out _))
            .Append("PushedTask"),
    ];

    private static IEnumerable<string> EnumSchemas { get; } =
    [
        .. Schemas.EnumerateObject().Where(schema => schema.Value.TryGetProperty("enum", out _)).Select(schema => schema.Name)
            .Except(OmittedEnums),
    ];

    [TestCaseSource(nameof(DataSchemas))]
    public void Record_has_the_properties_of_the_schema_and_promises_the_same(string name)
    {
        var schema = Schemas.GetProperty(name);
        var documented = schema.GetProperty("properties").EnumerateObject()
            .Select(property => (property.Name, IsRequired: IsRequired(schema, property.Name)));

        // An envelope of data, and the error, which may be a proxy's.
        var isEnvelope = name.EndsWith("Response", StringComparison.Ordinal);
        var properties = GetTypeInfo(name).Properties.Select(property => (property.Name, property.IsRequired)).ToList();
        Assert.That(properties.Select(property => property.Name), Is.EquivalentTo(documented.Select(property => property.Name)
            .Except(name == "ErrorResponse" ? [] : OmittedProperties.Where(omitted => isEnvelope || omitted == "line"))));
        if (!isEnvelope && name != "RejectedTask")
        {
            Assert.That(properties, Is.EquivalentTo(documented));
        }
    }

    [TestCaseSource(nameof(EnumSchemas))]
    public void Enumeration_has_the_values_of_the_schema(string name)
    {
        var values = GetClientType(name).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Select(property => property.GetValue(null)!.ToString()!);

        Assert.That(values.Except(ClientsOwnValues), Is.EquivalentTo(
            Schemas.GetProperty(name).GetProperty("enum").EnumerateArray().Select(value => value.GetString())));
    }

    [Test]
    public void Query_has_every_parameter([Values("", "/stream")] string route) => AssertParameters(
        $"/api/v2/platform/organisation/analytics{route}",
        new AnalyticsQuery
        {
            DateRange = DateRange.All,
            StartDate = new DateOnly(2026, 11, 1),
            EndDate = new DateOnly(2026, 11, 1),
            Timezone = "UTC",
            SpaceToken = "A",
            Agents = [""],
            Direction = Direction.None,
            RunId = "",
            Interval = Interval.Day,
            Fill = FillMode.None,
            GroupBy = [GroupDimension.Agent],
            Limit = 1,
            Compare = ComparisonKind.PreviousYear,
            Include = [AnalyticsInclude.Meta],
        }.GetParameters());

    [Test]
    public void Task_query_has_every_parameter() => AssertParameters(
        "/api/v2/platform/organisation/analytics/tasks",
        new TaskQuery
        {
            DateRange = DateRange.All,
            StartDate = new DateOnly(2026, 11, 1),
            EndDate = new DateOnly(2026, 11, 1),
            Timezone = "UTC",
            SpaceToken = "A",
            Agents = [""],
            Direction = Direction.None,
            RunId = "",
            Outcomes = [Outcome.Other],
            Status = "completed",
            ExecutionType = "call",
            Label = "",
            TaskId = "1",
            Limit = 1,
            Cursor = "c",
            IncludeTotal = true,
        }.GetParameters());

    [TestCase("/api/v2/platform/organisations")]
    [TestCase("/api/v2/platform/organisation/spaces")]
    public void Page_query_has_every_parameter(string path) =>
        AssertParameters(path, new PageQuery { Limit = 1, Cursor = "c" }.GetParameters());

    [Test]
    public void Query_without_properties_has_no_parameters() => Assert.That(
        QueryText.Create(new AnalyticsQuery { GroupBy = [], Agents = [] }.GetParameters())
            + QueryText.Create(new TaskQuery().GetParameters()),
        Is.Empty);

    [Test]
    public void Instants_and_names_are_escaped() => Assert.That(
        QueryText.Create(new AnalyticsQuery
        {
            StartDate = new DateTimeOffset(2026, 11, 1, 9, 30, 0, TimeSpan.FromHours(5.5)),
            Agents = ["a&b", ""],
            GroupBy = [GroupDimension.Space, GroupDimension.Direction],
        }.GetParameters()),
        Is.EqualTo("?start_date=2026-11-01T09%3A30%3A00%2B05%3A30&agent=a%26b&agent=&group_by=space%2Cdirection"));

    private static void AssertParameters(string path, IEnumerable<(string Name, string? Value)> parameters)
    {
        var documented = Document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("parameters").EnumerateArray()
            .Select(reference => Document.GetProperty("components").GetProperty("parameters").GetProperty(GetName(reference)))
            .Where(parameter => parameter.GetProperty("in").GetString() == "query")
            .Select(parameter => parameter.GetProperty("name").GetString()!)
            .Where(name => name != "format"); // Of each method its own.

        Assert.That(parameters.Select(parameter => parameter.Name), Is.EquivalentTo(documented));
        Assert.That(parameters.Select(parameter => parameter.Value), Has.None.Null);
    }

    private static JsonTypeInfo GetTypeInfo(string schema)
    {
        var type = Schemas.GetProperty(schema).GetProperty("properties").TryGetProperty("data", out var data)
            ? typeof(Envelope<>).MakeGenericType(GetClientType(GetName(data)))
            : GetClientType(schema);
        return AnalyticsJson.Default.GetTypeInfo(type) ?? throw new AssertionException($"The client does not read {schema}.");
    }

    private static Type GetClientType(string schema) => typeof(AnalyticsClient).Assembly.GetType($"Analytics.Client.{schema}")
        ?? throw new AssertionException($"The client has no type {schema}.");

    private static bool IsRequired(JsonElement schema, string property) =>
        schema.TryGetProperty("required", out var required) && required.EnumerateArray().Any(name => name.GetString() == property);

    private static IEnumerable<JsonElement> GetOperations() =>
        from path in Document.GetProperty("paths").EnumerateObject()
        where path.Name.StartsWith("/api/v2/", StringComparison.Ordinal)
        from operation in path.Value.EnumerateObject()
        where operation.Value.ValueKind == JsonValueKind.Object
        select operation.Value;

    // The schemas that a part of the document refers to, and those that they refer to.
    private static IEnumerable<string> GetReferences(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member.NameEquals("$ref") && member.Value.GetString()!.Contains("/schemas/", StringComparison.Ordinal)
                ? GetReferences(Schemas.GetProperty(GetName(element))).Prepend(GetName(element))
                : GetReferences(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(GetReferences),
        _ => [],
    };

    private static string GetName(JsonElement reference) => reference.GetProperty("$ref").GetString()!.Split('/')[^1];

    private static JsonElement ReadDocument([CallerFilePath] string callerFilePath = "") => JsonDocument.Parse(
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(callerFilePath)!, "../../build/openapi.json"))).RootElement;
}
