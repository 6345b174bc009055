using Analytics.Api.Controllers;
using Analytics.Api.RequestBodies;
using Analytics.Application.Demo;
using Analytics.Application.Ingestion.PushTasks;

namespace Analytics.Api.OpenApi;

internal sealed record BodyExample(string Rules, string Text);

internal static class PushTasksDocs
{
    public static BodyExample Body { get; } = new(
        $$"""
        One task a line, each a flat JSON object in UTF-8; at most {{PushBody.MaxLines}} lines and {{PushBody.MaxBytes / 1024 / 1024}} MB, decompressed. `null` is treated as absent.

        | key | value |
        |---|---|
        | `task_id` | required; 1-128 characters, unique within the organisation |
        | `space_token` | required; one of the organisation's spaces |
        | `status` | required; `pending`, `in_progress`, `completed`, `failed` or any other, at most 100 characters |
        | `execution_type` | default: `call`; at most 100 characters |
        | `product_id` | default: the header `Product-Id` |
        | `run_id`, `agent` | at most 128 characters |
        | `direction` | `inbound`, `outbound` or empty |
        | `outcome` | a call's label, such as `Interested`; at most 100 characters |
        | `label` | the same, as in an export of tasks: where it occurs, also as `null`, `outcome` is ignored |
        | `space_name` | ignored, as in an export of tasks |
        | `success_score` | of a call; 0 to 1000, at most two decimals |
        | `duration_seconds` | 0 to 604800 (7 days) |
        | `created_at` | ISO 8601, UTC without an offset; default: the stored value, or now |
        | `updated_at` | ISO 8601; default: now. An earlier value than the stored one changes nothing |
        | `deleted` | with `true` the task is deleted, and only `task_id` is needed |

        An invalid line is rejected and listed in `errors`; the other lines are written. A write replaces the whole task: absent values become empty.

        ```sh
        curl "$SERVICE/{{TasksController.RouteTemplate}}/" -H "Authorization: jwt $TOKEN" -H "Org-Handle: {{DemoData.Handle}}" \
          -H "Content-Type: {{PushBodyReader.MediaType}}" -H "Content-Encoding: {{PushBodyReader.Gzip}}" --data-binary @tasks.ndjson.gz
        ```
        """,
        $$"""
        {"task_id":"call-1","space_token":"{{DemoData.SpaceToken}}","status":"completed","outcome":"Interested","agent":"asha","direction":"inbound","success_score":712.5,"duration_seconds":61.5,"created_at":"2026-11-08T09:30:00Z","updated_at":"2026-11-08T09:31:02Z"}
        {"task_id":"call-2","space_token":"{{DemoData.SpaceToken}}","status":"in_progress","agent":"ben","direction":"outward"}

        """);
}
