using System.Net;
using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Analytics.BrowserTests;

/// <summary>The page in a frame of another origin: its parent gives it the session.</summary>
internal sealed class EmbeddingTests : DashboardFixture
{
    // Chromium may deny storage to a frame of another site.
    private const string ReadStorage = """
        () => {
          try {
            return JSON.stringify([location.href, { ...sessionStorage }, { ...localStorage }]);
          } catch {
            return location.href;
          }
        }
        """;

    // A real server, because Chromium lets only a page of this machine show another one in a frame.
    private readonly WebApplication _embedder = CreateEmbedder();

    private Uri Embedder => new UriBuilder(_embedder.Urls.First()) { Host = "localhost" }.Uri;

    protected override IEnumerable<(string Key, string? Value)> Settings =>
        [("Page:Embedders:0", Embedder.GetLeftPart(UriPartial.Authority))];

    [OneTimeSetUp]
    public override async Task StartAsync()
    {
        await _embedder.StartAsync();
        await base.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopEmbedderAsync() => await _embedder.DisposeAsync();

    [Test]
    public async Task Frame_takes_its_session_from_its_parent_and_stores_nothing()
    {
        var (page, frame) = await EmbedAsync(Embedder, TimeSpan.FromHours(1));

        await frame.Locator(".cards strong").First.WaitForAsync();

        Assert.That(await page.EvaluateAsync<int>("() => wanted"), Is.EqualTo(1));
        Assert.That(await frame.Locator("body").EvaluateAsync<string>(ReadStorage), Does.Not.Contain("eyJ"));
    }

    [Test]
    public async Task Frame_asks_again_a_minute_before_the_token_expires_and_keeps_what_it_shows()
    {
        var (page, frame) = await EmbedAsync(Embedder, TimeSpan.FromSeconds(90));
        await frame.Locator(".cards strong").First.WaitForAsync();
        var button = frame.GetByRole(AriaRole.Button, new() { Name = "Spaces" });
        await button.FocusAsync();

        await page.Clock.RunForAsync(31_000);
        await page.WaitForFunctionAsync("() => wanted >= 2");

        Assert.That(await button.EvaluateAsync<bool>("button => button === document.activeElement"), Is.True);
    }

    [Test]
    public async Task Frame_of_another_origin_is_not_shown()
    {
        var (page, frame) = await EmbedAsync(new UriBuilder(Embedder) { Host = "127.0.0.1" }.Uri, TimeSpan.FromHours(1));

        await Assertions.Expect(page.Locator("iframe")).ToBeVisibleAsync();
        Assert.That(await frame.Locator("#page").CountAsync(), Is.Zero);
        Assert.That(Errors, Has.Some.Contains("frame-ancestors"));
        Errors.Clear();
    }

    private static WebApplication CreateEmbedder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapGet("/", () => Results.Text("<!doctype html><title>Embedder</title><link rel=icon href=data:,>", "text/html"));
        return app;
    }

    // A page that shows the dashboard in a frame and replies as .github/docs/page.md says.
    private async Task<(IPage Page, IFrameLocator Frame)> EmbedAsync(Uri embedder, TimeSpan lifetime)
    {
        var token = Tokens.Sign(Tokens.CreateClaims(("user_id", DemoData.UserId), ("exp", Tokens.GetUnixTimeFromNow(lifetime))));
        var page = await OpenAsync();
        await page.Clock.InstallAsync();
        await page.GotoAsync(embedder.ToString());
        await page.EvaluateAsync(
            """
            ([address, token, org]) => {
              const frame = document.createElement("iframe");
              const { origin } = new URL(address);
              window.wanted = 0;
              addEventListener("message", (event) => {
                if (event.origin !== origin || event.source !== frame.contentWindow) return;
                if (event.data?.type !== "analytics:session-wanted") return;
                wanted++;
                event.source.postMessage({ type: "analytics:session", token, org }, origin);
              });
              Object.assign(frame, { src: `${address}?date_range=28d`, width: 1200, height: 800 });
              document.body.append(frame);
            }
            """,
            new[] { Service.Address.ToString(), token, DemoData.Handle });
        return (page, page.FrameLocator("iframe"));
    }
}
