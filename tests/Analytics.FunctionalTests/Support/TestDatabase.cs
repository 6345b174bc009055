using System.Data.Common;
using System.Text;
using Analytics.Application;
using Analytics.Application.Ingestion.Formats;
using Analytics.Application.Ingestion.ImportCatalogue;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Organisations;
using Analytics.Application.Rollups;
using Analytics.Infrastructure;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>A new migrated database, with the use cases that write to it; deleted afterwards.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly ScratchDatabase _scratch;
    private readonly ServiceProvider _services;

    private TestDatabase(ScratchDatabase scratch)
    {
        _scratch = scratch;
        _services = new ServiceCollection().AddSingleton(TimeProvider.System).AddDatabase(Settings).AddIngestion().BuildServiceProvider();
    }

    public DatabaseSettings Settings => _scratch.Settings;

    public DbDataSource DataSource => GetService<DbDataSource>();

    public static async Task<TestDatabase> CreateAsync(DatabaseEngine engine) => new(await ScratchDatabase.CreateAsync(engine));

    public T GetService<T>()
        where T : notnull => _services.GetRequiredService<T>();

    // The folder of its files.
    public DirectoryInfo Folder => new(Path.GetDirectoryName(GetFilePath("any"))!);

    public string GetFilePath(string name) => _scratch.GetFilePath(name);

    // An organisation with contact spaces; space n has the token Sn.
    public async Task AddOrganisationAsync(long id, params IEnumerable<long> spaces)
    {
        await GetService<OrganisationImporter>().RunAsync([new OrganisationRow(1, $"{id}", "", $"org{id}.example", "active")],
            ThrowOnRejectedLine, (_, _) => { }, CancellationToken.None);
        await GetService<SpaceImporter>().RunAsync(spaces.Select(space => new SpaceRow(
            1, $"{space}", $"{id}", "", $"S{space}", "contact", "active")), ThrowOnRejectedLine, (_, _) => { }, CancellationToken.None);
    }

    public Task AddMemberAsync(long organisationId, string userId, string role = "viewer") =>
        GetService<MemberImporter>().RunAsync(
            [new MemberRow(1, $"{organisationId}", userId, role)], new MemberImportOptions(),
            ThrowOnRejectedLine, _ => { }, CancellationToken.None);

    public async Task<ImportCounts> ImportNativeAsync(
        long organisationId, IEnumerable<string> lines, Action<RejectedLine>? onRejected = null)
    {
        var format = new NativeFormat(
            organisationId, await GetService<SpaceReader>().ReadAsync(organisationId, CancellationToken.None), "unpod.dev");
        return await ImportAsync(format, string.Join('\n', lines), onRejected);
    }

    public async Task<ImportCounts> ImportAsync(ITaskFormat format, string text, Action<RejectedLine>? onRejected = null)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await GetService<TaskImporter>()
            .RunAsync(file, format, onRejected ?? ThrowOnRejectedLine, (_, _) => { }, _ => { }, CancellationToken.None);
    }

    public Task<List<VerificationResult>> VerifyAsync(bool repair = false) =>
        GetService<RollupVerifier>().RunAsync(repair, CancellationToken.None).ToListAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _scratch.DisposeAsync();
    }

    private static void ThrowOnRejectedLine(RejectedLine line) =>
        throw new InvalidOperationException($"Line {line.Number}, {line.Id}: {line.Reason}");
}
