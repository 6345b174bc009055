using Analytics.Infrastructure.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>A small organisation: one member, and one contact space with one interested call.</summary>
internal static class Acme
{
    public const long Id = 1;
    public const string Handle = "acme.example";
    public const string Member = "7";
    public const string Sales = "SALES";
    public const long SalesId = 11;

    public static Task<AnalyticsService> StartAsync(params IEnumerable<(string Key, string? Value)> settings) => StartAsync(DatabaseEngine.Sqlite, settings);

    public static Task<AnalyticsService> StartAsync(DatabaseEngine engine, params IEnumerable<(string Key, string? Value)> settings) => StartAsync(engine, _ => { }, settings);

    public static async Task<AnalyticsService> StartAsync(
        DatabaseEngine engine, Action<IServiceCollection> replaceParts, params IEnumerable<(string Key, string? Value)> settings)
    {
        var service = await AnalyticsService.StartAsync(engine, replaceParts, settings);
        await service.HasAcmeAsync();
        await service.HasSalesAsync(new NativeTask("first") { Outcome = "Interested" });
        return service;
    }

    /// <summary>The organisation and its editor, without a call.</summary>
    public static async Task HasAcmeAsync(this AnalyticsService service)
    {
        await service.HasOrganisationAsync(Id, Handle);
        await service.HasMemberAsync(Id, Member);
        await service.HasMemberAsync(Id, Push.Editor, "editor");
        await service.HasSpaceAsync(Id, SalesId, Sales);
    }

    /// <summary>A database with the organisation and its editor, and nobody who holds it open: a service that starts finds what the one before left.</summary>
    public static async Task<ScratchDatabase> CreateDatabaseAsync(DatabaseEngine engine)
    {
        var database = await ScratchDatabase.CreateAsync(engine);
        await using (var service = AnalyticsService.Start(database))
        {
            await service.HasAcmeAsync();
        }

        SqliteConnection.ClearAllPools();
        return database;
    }

    /// <summary>Writes tasks of the contact space.</summary>
    public static Task HasSalesAsync(this AnalyticsService service, params IEnumerable<NativeTask> tasks) =>
        service.HasTasksAsync(Id, tasks.Select(task => task.ToLine()), (SalesId, Sales));
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

    protected virtual Task<AnalyticsService> StartServiceAsync() => Acme.StartAsync(engine);
}
