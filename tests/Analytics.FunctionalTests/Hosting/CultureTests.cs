using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;

namespace Analytics.FunctionalTests.Hosting;

/// <summary>
/// Processes under another locale do the same: Turkish has other upper-case letters and a decimal comma, Thai another calendar and
/// another search, Persian other digits and another calendar.
/// </summary>
[TestFixtureSource(nameof(Fixtures))]
internal sealed class CultureTests(DatabaseEngine engine, string locale)
{
    private const string Handle = "IRIS.Example";

    private static readonly string[] Locales = ["tr_TR.UTF-8", "th_TH.UTF-8", "fa_IR.UTF-8"];

    private static readonly string[] Queries =
    [
        "", "group_by=label,direction&include=reconciliation", "outcome=INTERESTED&interval=xyz&start_date=2026-13-01",
        "start_date=2026-01-01&end_date=2026-03-01&interval=week&timezone=Europe/Istanbul",
    ];

    // A busy machine makes the test slow, but does not fail it.
    private static readonly (string, string)[] PatientTimeouts =
        [("Timeouts:RequestSeconds", "60"), ("Timeouts:CommandSeconds", "60"), ("Timeouts:ConnectSeconds", "60")];

    private ScratchDatabase _database = null!;

    private static IEnumerable<TestFixtureData> Fixtures =>
        from engine in TestEngines.Configured
        from locale in Locales.Take(TestDepth.Select(shallow: 1, deep: Locales.Length))
        select new TestFixtureData(engine, locale);

    [SetUp]
    public async Task CreateDatabaseAsync() => _database = await ScratchDatabase.CreateEmptyAsync(engine);

    [TearDown]
    public async Task DropDatabaseAsync() => await _database.DisposeAsync();

    [Test]
    public async Task Commands_and_responses_are_those_of_the_invariant_culture()
    {
        await AssertOutputAsync(["migrate"], "", "The database is up to date: ");
        await AssertOutputAsync(
            ["import", "organisations", "-"], $"id,name,domain_handle,status\n5,Iris,{Handle},ACTIVE\n", "status: active 1");
        await AssertOutputAsync(["import", "spaces", "-"],
            "id,space_organization_id,name,token,slug,content_type,status\n71,5,Iris,SALES,iris,CONTACT,Active\n", "status: active 1");
        await AssertOutputAsync(["import", "members", "-"], "role,user_id,organization_id\nEDITOR,7,5\n", "organisation 5: added 7");
        await AssertOutputAsync(["import", "tasks", "-", "--format", "native", "--organisation", Handle], Tasks,
            "inserted 3, updated 0, unchanged 0, rejected 0");
        await AssertOutputAsync(["verify"], "", "iris.example: 3 tasks, consistent");

        using var process = ServiceProcess.StartWithDatabase(_database, [("LC_ALL", locale), .. PatientTimeouts]);
        var address = await process.WaitForAddressAsync();
        await using var service = AnalyticsService.Start(_database, [.. PatientTimeouts]);

        foreach (var request in Requests)
        {
            var reply = await RawHttp.SendAsync(address, request.Method, request.Target, request.AllHeaders);
            var invariant = await service.SendAsync(request);

            Assert.That((reply.Status, WithoutId(reply.Body)), Is.EqualTo((invariant.Status, WithoutId(invariant.Body))), request.Target);
            Assert.That(reply.StableHeaders, Is.EqualTo(invariant.StableHeaders), request.Target);
        }
    }

    private static string Tasks { get; } = string.Join('\n',
        new NativeTask(
            "I") { Status = "COMPLETED", Outcome = "INTERESTED", SuccessScore = 7.25m, DurationSeconds = 61.125m, Direction = "inbound" }
            .ToLine(),
        new NativeTask("i") { Status = "FAILED", Outcome = "Not Connected", CreatedAt = "2026-01-31T23:59:59.5Z" }.ToLine(),
        new NativeTask("ı") { Status = "IN_PROGRESS", CreatedAt = "2026-02-28T00:00:00Z" }.ToLine());

    private static IEnumerable<AnalyticsRequest> Requests =>
    [
        .. Queries.Select(query => new AnalyticsRequest { Handle = Handle, Query = query }),
        .. new[] { "format=csv", "format=ndjson", "limit=1000&include=total" }
            .Select(query => new AnalyticsRequest { Handle = Handle, Path = TaskListRequests.Path, Query = query }),
    ];

    private static string WithoutId(string body) => body.Split("\"request_id\"")[0];

    private async Task AssertOutputAsync(string[] arguments, string input, string output)
    {
        var result = await new CommandLine(_database.Settings).With("LC_ALL", locale).RunProcessAsync(arguments, input);

        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        Assert.That(result.StandardOutput, Does.Contain(output));
    }
}
