using Analytics.Api.Page;
using Analytics.Application.Demo;
using Analytics.Application.Rollups;
using Analytics.Domain.Organisations;
using Analytics.Infrastructure.Authentication;
using Analytics.Infrastructure.Configuration;
using Analytics.Infrastructure.Migrations;

namespace Analytics.Api.Hosting;

/// <summary>The first start in Development: creates the database, loads the demo and prints a request to try.</summary>
internal static class DemoStartup
{
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(1);

    public static async Task PrepareDatabaseAsync(
        this WebApplication app, DatabaseSettings database, bool isDemo, JwtSettings jwt, PageSettings page)
    {
        if (isDemo)
        {
            await app.PrepareDemoAsync(database, jwt, page);
        }

        new Migrator(database).RequireCurrent();
    }

    private static async Task PrepareDemoAsync(this WebApplication app, DatabaseSettings database, JwtSettings jwt, PageSettings page)
    {
        var migrator = new Migrator(database);
        var (applied, _) = await migrator.MigrateAsync(app.Services.GetRequiredService<RollupBackfill>(), CancellationToken.None);
        var (_, error) = await app.Services.GetRequiredService<DemoData>().LoadAsync(CancellationToken.None);
        if (applied == migrator.ScriptCount)
        {
            error ??= await app.Services.GetRequiredService<NorthwindData>().CreateAsync(CancellationToken.None);
        }

        if (error is not null)
        {
            Console.WriteLine($"The demo is not loaded: {error}");
            return;
        }

        // To the console and not to the logger, because logs must not contain a token.
        // On a thread of its own, because nothing may wait for an output that is blocked.
        app.Lifetime.ApplicationStarted.Register(() => _ = Task.Run(() => Console.WriteLine(BuildStartupMessage(app, jwt, page))));
    }

    private static string BuildStartupMessage(WebApplication app, JwtSettings jwt, PageSettings page)
    {
        var address = app.Urls.First();
        var documentation = $"""

            Analytics listens on {address}, with the demo loaded. The documentation is at {address}/docs.
            """;
        if (jwt.SigningKeys.Count == 0)
        {
            return documentation;
        }

        var token = AccessToken.Issue(jwt, DemoData.UserId, TokenLifetime, TimeProvider.System);

        // The organisation whose numbers move.
        var handle = app.Services.GetRequiredService<NorthwindData>().IsCreated ? NorthwindData.Handle : DemoData.Handle;
        var dashboard = page.IsEnabled
            ? $"""
                The dashboard:

                {address}/#token={token}&org={handle}&product={Product.Default}


                """
            : "";
        return $"""
            {documentation}
            {dashboard}The documented request, with a token that is good for a day:

            curl -X GET \
              '{address}/api/v2/platform/organisation/analytics/?space_token={DemoData.SpaceToken}' \
              -H 'accept: application/json' \
              -H 'Org-Handle: {DemoData.Handle}' \
              -H 'Product-Id: {Product.Default}' \
              -H 'Authorization: jwt {token}'

            """;
    }
}
