using System.Globalization;
using System.Text.Json;

namespace Analytics.ContractTests.Support;

/// <summary>
/// What the tests run against: the deployment that the environment names, which is only read, or else the demo of a service that is
/// started for them.
/// </summary>
internal static class Deployment
{
    private const string UrlVariable = "ANALYTICS_CONTRACT_URL";
    private const string TokenVariable = "ANALYTICS_CONTRACT_TOKEN";
    private const int MaxAttempts = 10;

    private static DemoService? _demo;

    public static ApiClient Api { get; private set; } = null!;

    public static string Token { get; private set; } = "";

    // An organisation of the token's user: the first that has tasks, if one of the first page has.
    public static string Handle { get; private set; } = "";

    // The 28 whole days before today in UTC, as parameters that mean the same days for as long as the tests run.
    public static string Days { get; private set; } = "";

    public static async Task StartAsync()
    {
        var url = Environment.GetEnvironmentVariable(UrlVariable);
        var token = Environment.GetEnvironmentVariable(TokenVariable);
        if (url is null != token is null)
        {
            throw new InvalidOperationException($"Set both {UrlVariable} and {TokenVariable}, or neither to test the demo.");
        }

        if (url is null)
        {
            _demo = await DemoService.StartAsync();
            (url, token) = (_demo.Address, _demo.Token);
        }

        Token = token!;
        Api = new ApiClient(new Uri(url));
        Handle = await FindOrganisationAsync();
        Days = FormatDays((await Api.GetAsync("date_range=28d&include=meta")).Data.GetProperty("meta"));
    }

    public static void Stop()
    {
        Api?.Dispose();
        _demo?.Dispose();
    }

    // For tests that write, or that know the data.
    public static void RequireDemo()
    {
        if (_demo is null)
        {
            Assert.Ignore($"{UrlVariable} is set: the deployment's data is unknown, and nothing is written to it.");
        }
    }

    // Runs requests until all of them saw the same version of the organisation.
    public static async Task<T> ReadAtOneVersionAsync<T>(Func<Task<T>> read)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var version = await ReadVersionAsync();
            var replies = await read();
            if (await ReadVersionAsync() == version)
            {
                return replies;
            }
        }

        throw new InconclusiveException(
            $"The organisation changed during each of {MaxAttempts} attempts to compare responses of one version.");
    }

    // The busiest of these days whose tasks can be listed quickly, as parameters.
    public static async Task<string> FindDayWithTasksAsync()
    {
        const int MaxTasks = 2_000;
        var series = (await Api.GetAsync($"{Days}&interval=day")).Data.GetProperty("series").EnumerateArray();
        var days = series.Where(row => CountTasks(row) is > 0 and <= MaxTasks).OrderByDescending(CountTasks).ToList();
        if (days.Count == 0)
        {
            throw new IgnoreException($"None of the last 28 days has 1 to {MaxTasks} tasks.");
        }

        var date = days[0].GetProperty("start").GetString()![..10];
        return $"start_date={date}&end_date={date}";
    }

    private static async Task<string?> ReadVersionAsync() =>
        (await Api.GetAsync("limit=1", Routes.Tasks)).Data.GetProperty("version").GetString();

    private static long CountTasks(JsonElement row) => row.GetProperty("call_status").GetProperty("total_tasks").GetInt64();

    private static string FormatDays(JsonElement meta)
    {
        var start = meta.GetProperty("start").GetDateTimeOffset();
        var last = meta.GetProperty("end").GetDateTimeOffset().AddDays(-1);
        return string.Create(CultureInfo.InvariantCulture, $"start_date={start:yyyy-MM-dd}&end_date={last:yyyy-MM-dd}");
    }

    private static async Task<string> FindOrganisationAsync()
    {
        var reply = await Api.SendAsync(new ContractRequest("limit=20", Routes.Organisations) { Handle = null });
        Assert.That(reply.Status, Is.EqualTo(200), reply.Explain("A token's user can list the own organisations."));
        var handles = reply.Data.GetProperty("organisations").EnumerateArray()
            .Select(organisation => organisation.GetProperty("handle").GetString()!)
            .ToList();
        Assert.That(handles, Is.Not.Empty, reply.Explain("The tests need a token whose user is a member of an active organisation."));

        foreach (var handle in handles)
        {
            var report = await Api.SendAsync(new ContractRequest { Handle = handle });
            if (report.Status == 200 && CountTasks(report.Data) > 0)
            {
                return handle;
            }
        }

        return handles[0];
    }
}
