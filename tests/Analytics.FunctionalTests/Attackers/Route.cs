using System.Text;
using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>A route that requires a token, and the request that is sent to it.</summary>
internal sealed record Route(string Method, string Path)
{
    public static readonly Route Totals = new("GET", AnalyticsRequest.AnalyticsPath);
    public static readonly Route Tasks = new("GET", TaskListRequests.Path);
    public static readonly Route Stream = new("GET", EventStream.Path);
    public static readonly Route Definitions = new("GET", $"{AnalyticsRequest.AnalyticsPath}definitions/");
    public static readonly Route Organisations = new("GET", CatalogueRequests.OrganisationsPath);
    public static readonly Route Spaces = new("GET", CatalogueRequests.SpacesPath);
    public static readonly Route Push =
        new("POST", Support.PushRequest.Path) { Body = Encoding.UTF8.GetBytes(new NativeTask("pushed by an attacker").ToLine()) };

    // The routes of one organisation.
    public static readonly Route[] OrganisationRoutes = [Totals, Tasks, Stream, Spaces, Push];

    // The routes that return numbers.
    public static readonly Route[] ReadRoutes = [Totals, Tasks, Stream];

    public static readonly Route[] All = [.. OrganisationRoutes, Definitions, Organisations];

    // The query parameters of all routes.
    public static readonly string[] QueryParameters =
        ["date_range", "start_date", "end_date", "timezone", "space_token", "agent", "direction", "interval", "group_by", "compare",
            "include", "fill", "limit", "format", "outcome", "status", "execution_type", "run_id", "label", "task_id",
            "cursor"];

    public ReadOnlyMemory<byte> Body { get; init; }

    public IEnumerable<(string Name, string Value)> BodyHeaders => Body.IsEmpty ? [] : [("Content-Type", "application/x-ndjson")];

    // Whether a response has no number but zero, no task and no space.
    public bool IsEmptyResult(Reply reply)
    {
        if (this == Stream)
        {
            return reply.Body.Contains("\"total_tasks\":0,", StringComparison.Ordinal);
        }

        var data = reply.Json["data"]!;
        return this == Tasks ? data["tasks"]!.AsArray().Count == 0
            : this == Spaces ? data["spaces"]!.AsArray().Count == 0
            : (int)data["call_status"]!["total_tasks"]! == 0;
    }

    public override string ToString() => $"{Method} {Path["/api/v2/platform/".Length..]}";
}
