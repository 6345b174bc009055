using System.Text.Json.Nodes;
using Analytics.Api.Controllers;
using Analytics.Api.Formats;
using Analytics.Application.Demo;
using Analytics.Application.Reporting.GetDefinitions;

namespace Analytics.Api.OpenApi;

internal sealed record ResponseExample(
    string Name, string Summary, string? Query, object Body, string MediaType = ResponseHeaderDocs.JsonMediaType);

/// <summary>Responses of the demo at a fixed time. The tests send the same requests and compare.</summary>
internal static class ResponseExamples
{
    public const string Cursor = "CgpYaWEtR1RqcDUxNldSaE9wCjE3OTQxMDI5NjIyOTIKZGVtby1zdXBwb3J0LTAwMTc";

    public const string NextPageLink = $"</api/v2/platform/organisation/analytics/tasks/?{PageQuery}&cursor={Cursor}>; rel=\"next\"";

    private const string PageQuery = $"space_token={DemoData.SpaceToken}&outcome=interested&limit=2";

    private static readonly JsonNode DocumentedResponse = ParseJson("""
        {"status_code":200,"message":"Analytics fetched successfully","data":{
          "call_analytics":{"total_calls":419,"interested":77,"call_back":13,"send_details":1,"not_interested":20,"not_connected":35,"failed":200,"avg_success_score":467},
          "call_status":{"total_tasks":419,"completed":302,"failed":109,"pending":2,"in_progress":1,"success_rate":72.08}}}
        """);

    private static readonly JsonNode ByAgentResponse = ParseJson("""
        {"status_code":200,"message":"Analytics fetched successfully","data":{
          "call_analytics":{"total_calls":618,"interested":125,"call_back":34,"send_details":17,"not_interested":53,"not_connected":59,"failed":227,"avg_success_score":525.2},
          "call_status":{"total_tasks":637,"completed":477,"failed":136,"pending":7,"in_progress":1,"success_rate":74.88},
          "groups":[
           {"agent":"asha",
            "call_analytics":{"total_calls":206,"interested":42,"call_back":11,"send_details":5,"not_interested":18,"not_connected":20,"failed":76,"avg_success_score":532.59},
            "call_status":{"total_tasks":213,"completed":160,"failed":46,"pending":2,"in_progress":0,"success_rate":75.12}},
           {"agent":"ben",
            "call_analytics":{"total_calls":206,"interested":41,"call_back":12,"send_details":6,"not_interested":17,"not_connected":20,"failed":78,"avg_success_score":522.2},
            "call_status":{"total_tasks":213,"completed":157,"failed":47,"pending":4,"in_progress":1,"success_rate":73.71}},
           {"other":true,
            "call_analytics":{"total_calls":206,"interested":42,"call_back":11,"send_details":6,"not_interested":18,"not_connected":19,"failed":73,"avg_success_score":520.94},
            "call_status":{"total_tasks":211,"completed":160,"failed":43,"pending":1,"in_progress":0,"success_rate":75.83}}]}}
        """);

    public static IReadOnlyList<ResponseExample> AnalyticsExamples { get; } =
    [
        new("Documented", "One space, over all time", $"space_token={DemoData.SpaceToken}", DocumentedResponse),
        new("WeekByDay", "The last seven days in India, day by day; two of the seven rows", "date_range=7d&interval=day&timezone=Asia/Kolkata", ParseJson("""
            {"status_code":200,"message":"Analytics fetched successfully","data":{
              "call_analytics":{"total_calls":49,"interested":14,"call_back":6,"send_details":3,"not_interested":4,"not_connected":5,"failed":12,"avg_success_score":537.5},
              "call_status":{"total_tasks":49,"completed":41,"failed":7,"pending":0,"in_progress":0,"success_rate":83.67},
              "series":[
               {"start":"2026-11-01T00:00:00+05:30","end":"2026-11-02T00:00:00+05:30","hours":24,"complete":true,
                "call_analytics":{"total_calls":7,"interested":0,"call_back":1,"send_details":1,"not_interested":3,"not_connected":2,"failed":0,"avg_success_score":0},
                "call_status":{"total_tasks":7,"completed":7,"failed":0,"pending":0,"in_progress":0,"success_rate":100}},
               {"start":"2026-11-02T00:00:00+05:30","end":"2026-11-03T00:00:00+05:30","hours":24,"complete":true,
                "call_analytics":{"total_calls":7,"interested":4,"call_back":0,"send_details":2,"not_interested":0,"not_connected":0,"failed":0,"avg_success_score":369},
                "call_status":{"total_tasks":7,"completed":6,"failed":0,"pending":0,"in_progress":0,"success_rate":85.71}}]}}
            """)),
        new("ByAgent", "The two agents with the most calls, and all others in one row", "group_by=agent&limit=2", ByAgentResponse),
        new("Compared", "The last seven days, and the seven before", "date_range=7d&compare=previous_period", ParseJson("""
            {"status_code":200,"message":"Analytics fetched successfully","data":{
              "call_analytics":{"total_calls":49,"interested":16,"call_back":6,"send_details":3,"not_interested":4,"not_connected":3,"failed":12,"avg_success_score":546.04},
              "call_status":{"total_tasks":49,"completed":41,"failed":7,"pending":0,"in_progress":0,"success_rate":83.67},
              "comparison":{"start":"2026-10-25T00:00:00+00:00","end":"2026-11-01T00:00:00+00:00",
               "call_analytics":{"total_calls":50,"interested":5,"call_back":0,"send_details":1,"not_interested":7,"not_connected":9,"failed":18,"avg_success_score":586},
               "call_status":{"total_tasks":50,"completed":41,"failed":8,"pending":0,"in_progress":1,"success_rate":82},
               "change_percent":{
                "call_analytics":{"total_calls":-2,"interested":220,"call_back":null,"send_details":200,"not_interested":-42.86,"not_connected":-66.67,"failed":-33.33,"avg_success_score":-6.82},
                "call_status":{"total_tasks":-2,"completed":0,"failed":-12.5,"pending":null,"in_progress":-100,"success_rate":2.04}}}}}
            """)),
        new("InFull", "All optional sections", "include=reconciliation,components,meta", ParseJson("""
            {"status_code":200,"message":"Analytics fetched successfully","data":{
              "call_analytics":{"total_calls":618,"interested":125,"call_back":34,"send_details":17,"not_interested":53,"not_connected":59,"failed":227,"avg_success_score":525.2},
              "call_status":{"total_tasks":637,"completed":477,"failed":136,"pending":7,"in_progress":1,"success_rate":74.88},
              "reconciliation":{"other_outcomes":103,"other_states":16,"balanced":true},
              "components":{"success_score_sum":52520,"scored_calls":100,"duration_seconds_sum":17636.44,"timed_calls":300,"avg_duration_seconds":58.79},
              "meta":{"start":null,"end":null,"timezone":"UTC","interval":null,"product":"unpod.dev","data_through":"2026-11-08T09:40:00.000Z","metric_version":1,"ignored":[]}}}
            """)),
        new("ByAgentAsCsv", "The two agents with the most calls, and all others in one row", "group_by=agent&limit=2&format=csv", NormalizeLineEndings("\r\n", """
            agent,other,call_analytics_total_calls,call_analytics_interested,call_analytics_call_back,call_analytics_send_details,call_analytics_not_interested,call_analytics_not_connected,call_analytics_failed,call_analytics_avg_success_score,call_status_total_tasks,call_status_completed,call_status_failed,call_status_pending,call_status_in_progress,call_status_success_rate
            asha,,206,42,11,5,18,20,76,532.59,213,160,46,2,0,75.12
            ben,,206,41,12,6,17,20,78,522.2,213,157,47,4,1,73.71
            ,true,206,42,11,6,18,19,73,520.94,211,160,43,1,0,75.83
            """), ContentNegotiation.Csv),
        new(
            "ByAgentAsNdjson",
            "The two agents with the most calls, and all others in one row",
            "group_by=agent&limit=2&format=ndjson",
            string.Concat(ByAgentResponse["data"]!["groups"]!.AsArray().Select(row => $"{row!.ToJsonString()}\n")),
            ContentNegotiation.Ndjson),
    ];

    public static IReadOnlyList<ResponseExample> StreamExamples { get; } =
    [
        new(
            "Event",
            "One event; its data is a response of Get Analytics",
            $"space_token={DemoData.SpaceToken}",
            $"data: {DocumentedResponse.ToJsonString()}\nid: {ResponseHeaderDocs.ExampleETag}\n\n",
            AnalyticsStreamController.MediaType),
    ];

    public static IReadOnlyList<ResponseExample> TaskListExamples { get; } =
    [
        new("Page", "A page that is followed by others", PageQuery, ParseJson($$$"""
            {"status_code":200,"message":"Tasks fetched successfully","data":{
              "tasks":[
               {"task_id":"demo-support-0001","run_id":"demo-run-1","space_token":"F1O3QJM1Y7Q1AVVUYNV4VPRB","agent":"asha","direction":"inbound","execution_type":"call","status":"completed","outcome":"interested","label":"Interested","success_score":467,"duration_seconds":58.808,"created_at":"2026-11-08T07:05:20.764Z","updated_at":"2026-11-08T09:40:00.000Z"},
               {"task_id":"demo-support-0017","run_id":"demo-run-1","space_token":"F1O3QJM1Y7Q1AVVUYNV4VPRB","agent":"ben","direction":"outbound","execution_type":"call","status":"completed","outcome":"interested","label":"Interested","success_score":523,"duration_seconds":66.788,"created_at":"2026-11-08T01:56:02.292Z","updated_at":"2026-11-08T09:40:00.000Z"}],
              "has_more":true,"cursor":"{{{Cursor}}}","version":"Qpn7h87NNL_1iZu9"}}
            """)),
        new("NoTasks", "No task matches", "agent=nobody&include=total", ParseJson("""
            {"status_code":200,"message":"Tasks fetched successfully","data":{
              "tasks":[],
              "has_more":false,"cursor":null,"version":"Qpn7h87NNL_1iZu9","total":0}}
            """)),
        new("AllAsCsv", "All matching tasks, as CSV", $"space_token={DemoData.SpaceToken}&outcome=send_details&format=csv", NormalizeLineEndings("\r\n", """
            task_id,run_id,space_token,agent,direction,execution_type,status,outcome,label,success_score,duration_seconds,created_at,updated_at
            demo-support-0091,demo-run-1,F1O3QJM1Y7Q1AVVUYNV4VPRB,ben,outbound,call,completed,send_details,Send Details,,103.788,2026-10-26T20:05:29.356Z,2026-11-08T09:40:00.000Z
            """), ContentNegotiation.Csv),
        new("AllAsNdjson", "All matching tasks, as NDJSON", $"space_token={DemoData.SpaceToken}&outcome=send_details&format=ndjson", NormalizeLineEndings("\n", """
            {"task_id":"demo-support-0091","run_id":"demo-run-1","space_token":"F1O3QJM1Y7Q1AVVUYNV4VPRB","agent":"ben","direction":"outbound","execution_type":"call","status":"completed","outcome":"send_details","label":"Send Details","success_score":null,"duration_seconds":103.788,"created_at":"2026-10-26T20:05:29.356Z","updated_at":"2026-11-08T09:40:00.000Z"}
            """), ContentNegotiation.Ndjson),
    ];

    public static IReadOnlyList<ResponseExample> DefinitionsExamples { get; } =
    [
        new("Definitions", "All definitions", null, new ApiResponse<DefinitionsResponse>
        {
            StatusCode = StatusCodes.Status200OK,
            Message = AnalyticsDefinitionsController.SuccessMessage,
            Data = DefinitionsResponse.All,
        }),
    ];

    public static IReadOnlyList<ResponseExample> LiveExamples { get; } =
        [new("Live", "The process is running", null, new Controllers.HealthResponse { Status = "live" })];

    public static IReadOnlyList<ResponseExample> ReadyExamples { get; } =
        [new("Ready", "The database is available", null, new Controllers.HealthResponse { Status = "ready" })];

    private static JsonNode ParseJson(string body) => JsonNode.Parse(body)!;

    private static string NormalizeLineEndings(string lineEnding, string text) => text.ReplaceLineEndings(lineEnding) + lineEnding;
}
