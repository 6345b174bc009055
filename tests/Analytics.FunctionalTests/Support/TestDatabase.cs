using System.Data.Common;
using System.Text;
using Analytics.Application;
using Analytics.Application.Imports;
using Analytics.Application.Organisations;
using Analytics.Application.Tasks.Formats;
using Analytics.Application.Verification;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>A migrated database file of its own, with the use cases that write to it; gone afterwards.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("analytics-tests-");
    private readonly ServiceProvider _services;

    private TestDatabase()
    {
        Settings = new DatabaseSettings(DatabaseEngine.Sqlite, $"Data Source={Path.Combine(_folder.FullName, "analytics.db")};Pooling=False");
        _services = new ServiceCollection().AddSingleton(TimeProvider.System).AddDatabase(Settings).AddWriting().BuildServiceProvider();
    }

    public DatabaseSettings Settings { get; }

    public DbDataSource Source => Get<DbDataSource>();

    public static async Task<TestDatabase> CreateAsync()
    {
        var database = new TestDatabase();
        await new Migrator(database.Settings).MigrateAsync(CancellationToken.None);
        return database;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>An organisation with contact spaces; space n has the token Sn.</summary>
    public async Task HasOrganisationAsync(long id, params IEnumerable<long> spaces)
    {
        await Get<ImportOrganisations>().RunAsync([new OrganisationRow(1, $"{id}", "", $"org{id}.example", "active")], Fail, CancellationToken.None);
        await Get<ImportSpaces>().RunAsync(spaces.Select(space => new SpaceRow(1, $"{space}", $"{id}", "", $"S{space}", "contact", "active")), Fail, CancellationToken.None);
    }

    public async Task<ImportCounts> ImportNativeAsync(long organisationId, IEnumerable<string> lines, Action<RejectedLine>? onRejected = null)
    {
        var format = new NativeFormat(organisationId, await Get<SpaceCatalogue>().ReadAsync(organisationId, CancellationToken.None), "unpod.dev");
        return await ImportAsync(format, string.Join('\n', lines), onRejected);
    }

    public async Task<ImportCounts> ImportAsync(ITaskFormat format, string text, Action<RejectedLine>? onRejected = null)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await Get<ImportTasks>().RunAsync(file, format, onRejected ?? Fail, _ => { }, CancellationToken.None);
    }

    public Task<List<Recount>> VerifyAsync(bool repair = false) =>
        Get<VerifyRollups>().RunAsync(repair, CancellationToken.None).ToListAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static void Fail(RejectedLine line) => throw new InvalidOperationException($"Line {line.Number}, {line.Id}: {line.Reason}");
}
