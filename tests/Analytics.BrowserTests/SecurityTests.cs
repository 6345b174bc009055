using Analytics.Application.Demo;
using Analytics.FunctionalTests.Support;
using Microsoft.Playwright;

namespace Analytics.BrowserTests;

/// <summary>Where the token is, and what the page may load and run.</summary>
internal sealed class SecurityTests : DashboardFixture
{
    [Test]
    public async Task Token_is_in_the_header_and_in_the_tab_only()
    {
        var (addresses, messages) = (new List<string>(), new List<string>());
        var page = await OpenAsync();
        page.Request += (_, request) => addresses.Add(request.Url);
        page.Console += (_, message) => messages.Add(message.Text);
        await page.GotoAsync("about:blank");
        await page.GotoAsync($"{Service.Address}?date_range=7d#token={Token}&org={DemoData.Handle}");
        await page.WaitForNumbersAsync();
        var signature = Token.Split('.')[2];
        var stored = await page.EvaluateAsync<string>(
            "() => JSON.stringify([{ ...localStorage }, document.cookie, location.href, history.state])");
        var session = await page.EvaluateAsync<string>("() => JSON.stringify({ ...sessionStorage })");

        Assert.That(addresses, Has.None.Contains(signature));
        Assert.That(messages, Has.None.Contains(signature));
        Assert.That(stored, Does.Not.Contain(signature));
        Assert.That(session, Does.Contain("eyJ"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByLabel("Token").WaitForAsync();
        Assert.That(await page.EvaluateAsync<int>("() => sessionStorage.length"), Is.Zero);
    }

    [Test]
    public async Task Token_is_forgotten_when_it_expires()
    {
        var claims = Tokens.CreateClaims(("user_id", DemoData.UserId), ("exp", Tokens.GetUnixTimeFromNow(TimeSpan.FromSeconds(15))));
        var page = await OpenAsync($"#token={Tokens.Sign(claims)}&org={DemoData.Handle}");
        await page.WaitForNumbersAsync();

        await page.GetByText("Your session has ended.").WaitForAsync();
        Assert.That(await page.EvaluateAsync<int>("() => sessionStorage.length"), Is.Zero);
    }

    [Test]
    public async Task Refused_token_is_explained_by_the_message_of_the_API()
    {
        var page = await OpenAsync();
        await page.GetByLabel("Token").FillAsync("nonsense");
        await page.GetByLabel("Organisation").FillAsync(DemoData.Handle);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await page.GetByText("Invalid or expired token.").WaitForAsync();
        ExpectStatus(401);
    }

    [Test]
    public async Task Page_needs_no_other_host()
    {
        var others = new List<string>();
        var page = await OpenAsync();
        await page.RouteAsync(url => new Uri(url).Host != "127.0.0.1", route =>
        {
            others.Add(route.Request.Url);
            return route.AbortAsync();
        });
        await page.GotoAsync($"{Service.Address}?date_range=28d#token={Token}&org={DemoData.Handle}");
        await page.WaitForNumbersAsync();

        Assert.That(others, Is.Empty);
        Assert.That(await page.GetCardAsync("Calls"), Is.Not.EqualTo("0"));
    }
}
