namespace Analytics.ContractTests.Support;

/// <summary>The paths of the API, with the final slash that the documentation writes.</summary>
internal static class Routes
{
    public const string Organisations = "/api/v2/platform/organisations/";
    public const string Analytics = "/api/v2/platform/organisation/analytics/";
    public const string Tasks = $"{Analytics}tasks/";
    public const string Stream = $"{Analytics}stream/";
    public const string Definitions = $"{Analytics}definitions/";
    public const string Spaces = "/api/v2/platform/organisation/spaces/";
    public const string Push = "/api/v2/platform/organisation/tasks/";
}
