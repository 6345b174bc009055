using Analytics.Infrastructure.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>A small organisation: one member, and one contact space with one interested call.</summary>
internal static class Acme
{
    public const long Id = 1;
    public const string Handle = "acme.example";
    public const string MemberUserId = "7";
    public const string SalesToken = "SALES";
    public const long SalesSpaceId = 11;

    public static Task<AnalyticsService> StartServiceAsync(params IEnumerable<(string Key, string? Value)> settings) =>
        StartServiceAsync(DatabaseEngine.Sqlite, settings);

    public static Task<AnalyticsService> StartServiceAsync(
        DatabaseEngine engine, params IEnumerable<(string Key, string? Value)> settings) => StartServiceAsync(engine, _ => { }, settings);

    public static async Task<AnalyticsService> StartServiceAsync(
        DatabaseEngine engine, Action<IServiceCollection> replaceServices, params IEnumerable<(string Key, string? Value)> settings)
    {
        var service = await AnalyticsService.StartAsync(engine, replaceServices, settings);
        await service.AddAcmeAsync();
        await service.AddSalesTasksAsync(new NativeTask("first") { Outcome = "Interested" });
        return service;
    }

    // The organisation and its editor, without a call.
    public static async Task AddAcmeAsync(this AnalyticsService service)
    {
        await service.AddOrganisationAsync(Id, Handle);
        await service.AddMemberAsync(Id, MemberUserId);
        await service.AddMemberAsync(Id, PushRequest.EditorUserId, "editor");
        await service.AddSpaceAsync(Id, SalesSpaceId, SalesToken);
    }

    // A database with the organisation and its editor that no process holds open, so that several services can use it one after another.
    public static async Task<ScratchDatabase> CreateDatabaseAsync(DatabaseEngine engine)
    {
        var database = await ScratchDatabase.CreateAsync(engine);
        await using (var service = AnalyticsService.Start(database))
        {
            await service.AddAcmeAsync();
        }

        SqliteConnection.ClearAllPools();
        return database;
    }

    // Writes tasks of the contact space.
    public static Task AddSalesTasksAsync(this AnalyticsService service, params IEnumerable<NativeTask> tasks) =>
        service.ImportTasksAsync(Id, tasks.Select(task => task.ToLine()), (SalesSpaceId, SalesToken));
}

/// <summary>A fixture whose tests only read: they share one service.</summary>
internal abstract class AcmeFixture(DatabaseEngine engine = DatabaseEngine.Sqlite)
{
    protected DatabaseEngine Engine => engine;

    protected AnalyticsService Service { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => Service = await StartServiceAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await Service.DisposeAsync();

    protected virtual Task<AnalyticsService> StartServiceAsync() => Acme.StartServiceAsync(engine);
}
