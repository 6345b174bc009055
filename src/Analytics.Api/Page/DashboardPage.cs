using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace Analytics.Api.Page;

/// <summary>
/// The dashboard page at <c>/</c>, and its files below <c>/page</c>. The page reads the public API; no data are part of it.
/// </summary>
internal static partial class DashboardPage
{
    private const string ContentType = "text/html; charset=utf-8";

    // By default its name is that of the process.
    private const string AssetManifest = "Analytics.Api.staticwebassets.endpoints.json";

    public static void MapDashboardPage(this WebApplication app, PageSettings settings)
    {
        if (!settings.IsEnabled)
        {
            return;
        }

        var html = Render(settings);
        var body = Encoding.UTF8.GetBytes(html);
        var policy = BuildContentSecurityPolicy(html, settings);

        // Of a build that is not published, ASP.NET Core would map a route for any file too, which makes a 404 of each 405.
        app.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        app.MapStaticAssets(AssetManifest);
        app.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], (HttpContext context) =>
        {
            // The page's addresses are relative, so that it works below a prefix. A prefix without a slash has another parent.
            if (!context.Request.Path.HasValue)
            {
                return Results.Redirect($"{context.Request.PathBase}/{context.Request.QueryString}");
            }

            SetHeaders(context.Response.Headers, policy);
            return Results.Bytes(body, ContentType);
        }).ExcludeFromDescription();
    }

    private static void SetHeaders(IHeaderDictionary headers, string policy)
    {
        headers.ContentSecurityPolicy = policy;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers.CacheControl = "no-cache";
    }

    private static string Render(PageSettings settings)
    {
        using var resource = typeof(DashboardPage).Assembly.GetManifestResourceStream("Analytics.Api.Page.index.html")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd()
            .Replace("{task-link}", HtmlEncoder.Default.Encode(settings.TaskLink ?? ""), StringComparison.Ordinal)
            .Replace("{embedders}", HtmlEncoder.Default.Encode(string.Join(' ', settings.Embedders)), StringComparison.Ordinal);
    }

    private static string BuildContentSecurityPolicy(string html, PageSettings settings)
    {
        var importMap = ImportMapPattern().Match(html).Groups["json"].Value;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(importMap)));
        var embedders = settings.Embedders.Count == 0 ? "'none'" : string.Join(' ', settings.Embedders);
        return $"default-src 'none'; script-src 'self' 'sha256-{hash}'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            + $"base-uri 'none'; form-action 'none'; frame-ancestors {embedders}; require-trusted-types-for 'script'; trusted-types 'none'";
    }

    [GeneratedRegex("""<script type="importmap">(?<json>.*?)</script>""", RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ImportMapPattern();
}
