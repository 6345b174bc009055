using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Analytics.Api.Page;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.Configuration;

namespace Analytics.FunctionalTests;

/// <summary>What <c>/</c> and the files of the dashboard look like to an HTTP client.</summary>
internal sealed class DashboardPageTests : AcmeFixture
{
    private const string Scripts = "src/Analytics.Api/wwwroot/page";

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(GetRepositoryPath(Scripts), "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(GetRepositoryPath(Scripts), file))
        .Append("client.js")
        .Distinct(StringComparer.Ordinal);

    [Test]
    public async Task Page_has_exactly_the_documented_headers()
    {
        var page = await Service.SendAsync("/");
        var importMap = page.Body.Split("<script type=\"importmap\">")[1].Split("</script>")[0];
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(importMap)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((page.Status, page["Content-Type"]), Is.EqualTo((200, "text/html; charset=utf-8")));
            Assert.That(page["Content-Security-Policy"], Is.EqualTo(
                $"default-src 'none'; script-src 'self' 'sha256-{hash}'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"));
            Assert.That(page["Referrer-Policy"], Is.EqualTo("no-referrer"));
            Assert.That(page["X-Content-Type-Options"], Is.EqualTo("nosniff"));
            Assert.That(page["Cross-Origin-Opener-Policy"], Is.EqualTo("same-origin"));
            Assert.That(page["Cross-Origin-Resource-Policy"], Is.EqualTo("same-origin"));
            Assert.That(page["Permissions-Policy"], Is.EqualTo("camera=(), microphone=(), geolocation=()"));
            Assert.That(page["Cache-Control"], Is.EqualTo("no-cache"));
        }
    }

    [Test]
    public async Task Head_of_the_page_has_no_body_and_another_method_is_not_allowed()
    {
        var head = await Service.SendAsync("/", "HEAD");
        var post = await Service.SendAsync("/", "POST");

        Assert.That((head.Status, head.Body), Is.EqualTo((200, "")));
        Assert.That((post.Status, (string?)post.Json["code"]), Is.EqualTo((405, "method_not_allowed")));
    }

    [TestCaseSource(nameof(Files))]
    public async Task File_is_served_as_it_is_in_the_repository(string file)
    {
        var served = await Service.SendAsync($"/page/{file}");
        var source = file == "client.js" ? "src/clients/typescript/client.js" : $"{Scripts}/{file}";

        Assert.That(served.Status, Is.EqualTo(200));
        Assert.That(served.Body, Is.EqualTo(await File.ReadAllTextAsync(GetRepositoryPath(source))));
        Assert.That(served["Content-Type"], Does.Match(Path.GetExtension(file) is ".js" or ".mjs" ? "javascript" : "css|svg|json"));
    }

    [Test]
    public async Task Disabled_page_is_not_found_nor_are_its_files()
    {
        await using var service = await AnalyticsService.StartAsync(("Page:Enabled", "false"));
        var page = await service.SendAsync("/");
        var file = await service.SendAsync("/page/app.js");

        Assert.That((page.Status, (string?)page.Json["message"]), Is.EqualTo((404, "Not found.")));
        Assert.That((file.Status, (string?)file.Json["code"]), Is.EqualTo((404, "not_found")));
    }

    [Test]
    public async Task Settings_reach_the_page_and_its_policy()
    {
        await using var service = await AnalyticsService.StartAsync(
            ("Page:Embedders:0", "https://app.example.com"), ("Page:Embedders:1", "http://127.0.0.1:9"),
            ("Page:TaskLink", "https://app.example.com/tasks/{task_id}?a=\"1"));
        var page = await service.SendAsync("/");

        Assert.That(page["Content-Security-Policy"], Does.Contain("frame-ancestors https://app.example.com http://127.0.0.1:9;"));
        Assert.That(page.Body, Does.Contain("<meta name=\"embedders\" content=\"https://app.example.com http://127.0.0.1:9\">"));
        Assert.That(page.Body, Does.Contain("<meta name=\"task-link\" content=\"https://app.example.com/tasks/{task_id}?a=&quot;1\">"));
    }

    [TestCase("Page:Enabled", "maybe"), TestCase("Page:TaskLink", "https://app.example.com/tasks"), TestCase("Page:TaskLink", "/{task_id}")]
    [TestCase("Page:TaskLink", "javascript:{task_id}"), TestCase("Page:Embedders:0", "https://app.example.com/path")]
    [TestCase("Page:Embedders", "https://app.example.com")]
    public void Wrong_setting_is_named(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

        Assert.That(() => PageSettings.From(configuration), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith(key));
    }

    [Test]
    public async Task Page_below_a_prefix_ends_with_a_slash_because_its_addresses_are_relative()
    {
        await using var service = await AnalyticsService.StartAsync(("PathBase", "/analytics"));
        var withoutSlash = await service.SendAsync("/analytics?date_range=7d");
        var withSlash = await service.SendAsync("/analytics/?date_range=7d");

        Assert.That((withoutSlash.Status, withoutSlash["Location"]), Is.EqualTo((302, "/analytics/?date_range=7d")));
        Assert.That(withSlash.Status, Is.EqualTo(200));
        Assert.That((await service.SendAsync("/analytics/page/app.js")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Vendored_files_are_those_of_npm()
    {
        var folder = GetRepositoryPath($"{Scripts}/vendor");
        var list = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(folder, "vendor.json")));
        var listed = list.EnumerateArray().ToDictionary(entry => entry.GetProperty("file").GetString()!, entry => entry);

        Assert.That(Directory.GetFiles(folder, "*.mjs").Select(Path.GetFileName), Is.EquivalentTo(listed.Keys));
        foreach (var (file, entry) in listed)
        {
            var hash = Convert.ToHexStringLower(SHA512.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, file))));
            Assert.That(hash, Is.EqualTo(entry.GetProperty("sha512").GetString()), file);
        }
    }

    private static string GetRepositoryPath(string path, [CallerFilePath] string callerFilePath = "") =>
        Path.Combine(Path.GetDirectoryName(callerFilePath)!, "../..", path);
}
