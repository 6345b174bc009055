using System.Data.Common;
using System.Net;
using Analytics.Application.Demo;
using Analytics.Application.Ingestion;
using Analytics.Application.Ingestion.Formats;
using Analytics.Application.Ingestion.ImportCatalogue;
using Analytics.Application.Ingestion.ImportTasks;
using Analytics.Application.Rollups;
using Analytics.Infrastructure.Configuration;
using Dapper;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Support;

/// <summary>The actual service on a loopback port, with its own database, which is deleted afterwards.</summary>
internal sealed class AnalyticsService : WebApplicationFactory<Program>
{
    // Placeholder for the database's file in a setting.
    public const string DatabaseFilePlaceholder = "{database}";

    private readonly ScratchDatabase _database;
    private readonly bool _ownsDatabase;
    private readonly Dictionary<string, string?> _settings;
    private readonly Action<IServiceCollection> _replaceServices;

    private AnalyticsService(ScratchDatabase database, bool ownsDatabase, Action<IServiceCollection> replaceServices,
        IEnumerable<(string Key, string? Value)> settings)
    {
        _database = database;
        _ownsDatabase = ownsDatabase;
        _replaceServices = replaceServices;
        _settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Database:Engine"] = $"{Database.Engine}",
            ["ConnectionStrings:Analytics"] = Database.ConnectionString,
            ["Jwt:SigningKeys:0"] = Tokens.SigningKey,
            ["RateLimit:Enabled"] = "false",
            ["Shutdown:DrainSeconds"] = "0",
            ["Timeouts:RequestSeconds"] = "30", // A busy machine makes a test slow, but does not fail it.
            ["Logging:LogLevel:Default"] = "Warning",
        };
        foreach (var (key, value) in settings)
        {
            _settings[key] = value?.Replace(DatabaseFilePlaceholder, DatabaseFile, StringComparison.Ordinal);
        }

        UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
    }

    public DatabaseSettings Database => _database.Settings;

    public string DatabaseFile => _database.File;

    public Uri Address => ClientOptions.BaseAddress;

    // A running service without organisations. A setting of null removes the default of the tests.
    public static Task<AnalyticsService> StartAsync(params IEnumerable<(string Key, string? Value)> settings) =>
        StartAsync(DatabaseEngine.Sqlite, _ => { }, settings);

    // The same on any engine, with parts of the service replaced.
    public static async Task<AnalyticsService> StartAsync(
        DatabaseEngine engine, Action<IServiceCollection> replaceServices, params IEnumerable<(string Key, string? Value)> settings)
    {
        var service = new AnalyticsService(await ScratchDatabase.CreateAsync(engine), ownsDatabase: true, replaceServices, settings);
        service.StartServer();
        return service;
    }

    // The same with an existing database, which is not deleted.
    public static AnalyticsService Start(ScratchDatabase database, params IEnumerable<(string Key, string? Value)> settings) =>
        Start(database, _ => { }, settings);

    public static AnalyticsService Start(
        ScratchDatabase database, Action<IServiceCollection> replaceServices, params IEnumerable<(string Key, string? Value)> settings)
    {
        var service = new AnalyticsService(database, ownsDatabase: false, replaceServices, settings);
        service.StartServer();
        return service;
    }

    // A running service with the demo's organisation.
    public static async Task<AnalyticsService> StartWithDemoAsync(
        DatabaseEngine engine = DatabaseEngine.Sqlite, params IEnumerable<(string Key, string? Value)> settings)
    {
        var service = await StartAsync(engine, _ => { }, settings);
        await service.Services.GetRequiredService<DemoData>().LoadAsync(CancellationToken.None);
        return service;
    }

    public Task AddOrganisationAsync(long id, string handle, string status = "active") =>
        Services.GetRequiredService<OrganisationImporter>().RunAsync(
            [new OrganisationRow(1, $"{id}", handle, handle, status)], ThrowOnRejectedLine, (_, _) => { }, CancellationToken.None);

    public Task AddSpaceAsync(long organisationId, long id, string token, string contentType = "contact", string status = "active") =>
        Services.GetRequiredService<SpaceImporter>().RunAsync([new SpaceRow(1, $"{id}", $"{organisationId}", token, token, contentType,
            status)], ThrowOnRejectedLine, (_, _) => { }, CancellationToken.None);

    public Task AddMemberAsync(long organisationId, string userId, string role = "viewer") =>
        Services.GetRequiredService<MemberImporter>().RunAsync(
            [new MemberRow(1, $"{organisationId}", userId, role)], new MemberImportOptions(),
            ThrowOnRejectedLine, _ => { }, CancellationToken.None);

    public Task ReplaceMembersAsync(long organisationId, string userId) =>
        Services.GetRequiredService<MemberImporter>().RunAsync([new MemberRow(1, $"{organisationId}", userId, "viewer")],
            new MemberImportOptions { Replace = true, AllowLargeRemovals = true }, ThrowOnRejectedLine, _ => { }, CancellationToken.None);

    // Writes tasks, each one line of the native format.
    public async Task<WriteCounts> ImportTasksAsync(
        long organisationId, IEnumerable<string> nativeLines, params IEnumerable<(long Id, string Token)> spaces)
    {
        var format = new NativeFormat(organisationId, spaces.Select(space =>
            new Application.Organisations.Space { OrganisationId = organisationId, Id = space.Id, Token = space.Token }), "unpod.dev");
        await using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', nativeLines)));
        return (await Services.GetRequiredService<TaskImporter>()
            .RunAsync(file, format, ThrowOnRejectedLine, (_, _) => { }, _ => { }, CancellationToken.None)).Written;
    }

    // Changes the database without the service.
    public async Task<int> ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        return await connection.ExecuteAsync(sql, parameters);
    }

    public async Task<long> ExecuteScalarAsync(string sql)
    {
        await using var connection = await Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    // The differences that a recount of the rollups finds.
    public Task<List<VerificationResult>> VerifyAsync(bool repair = false) =>
        Services.GetRequiredService<RollupVerifier>().RunAsync(repair, CancellationToken.None).ToListAsync().AsTask();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.ConfigureTestServices(_replaceServices);
        foreach (var (key, value) in _settings.Where(setting => setting.Value is not null))
        {
            builder.UseSetting(key, value);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_ownsDatabase)
        {
            await _database.DisposeAsync();
        }
    }

    private static void ThrowOnRejectedLine(RejectedLine line) =>
        throw new InvalidOperationException($"Line {line.Number}, {line.Id}: {line.Reason}");
}
