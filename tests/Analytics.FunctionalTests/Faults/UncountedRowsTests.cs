using System.Data.Common;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Faults;

/// <summary>A database that reports no number of rows does not make an organisation look unknown.</summary>
internal sealed class UncountedRowsTests
{
    private static readonly PushRequest Push = PushRequest.Create([new NativeTask("a")]);

    [Test]
    public async Task Push_is_an_internal_error_and_writes_nothing_while_rows_are_not_counted()
    {
        await using var service =
            await AnalyticsService.StartAsync(DatabaseEngine.Sqlite, UncountedDataSource.Install, ("Logging:LogLevel:Default", "None"));
        await service.AddAcmeAsync();
        var database = (UncountedDataSource)service.Services.GetRequiredService<DbDataSource>();

        database.IsUncounted = true;
        var failed = await PushAsync(service);
        database.IsUncounted = false;
        var written = await PushAsync(service);

        Assert.That(failed.Status, Is.EqualTo(500));
        Assert.That((written.Status, written.GetCounts()), Is.EqualTo((200, (1, 0, 0, 0))));
    }

    private static Task<Reply> PushAsync(AnalyticsService service) =>
        RawHttp.SendAsync(service.Address, "POST", Push.Target, Push.AllHeaders, Push.Body);
}
