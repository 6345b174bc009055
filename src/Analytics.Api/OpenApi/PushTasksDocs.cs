using System.Text.Json.Nodes;
using Analytics.Api.Controllers;
using Analytics.Api.RequestBodies;
using Analytics.Application.Demo;
using Analytics.Application.Ingestion.PushTasks;
using Analytics.Domain;
using Analytics.Domain.Organisations;
using Analytics.Domain.Tasks;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

internal static class PushTasksDocs
{
    private static readonly string Rules =
        $$"""
        One task a line, each a flat JSON object in UTF-8, or an array of such objects as `application/json`; at most {{PushBody.MaxLines}} tasks and {{PushBody.MaxBytes / 1024 / 1024}} MB, decompressed. `null` is treated as absent.

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

        An invalid task is rejected and listed in `errors`; the other tasks are written. A write replaces the whole task: absent values become empty.

        ```sh
        curl "$SERVICE/{{TasksController.RouteTemplate}}/" -H "Authorization: jwt $TOKEN" -H "Org-Handle: {{DemoData.Handle}}" \
          -H "Content-Type: {{PushBodyReader.MediaType}}" -H "Content-Encoding: {{PushBodyReader.Gzip}}" --data-binary @tasks.ndjson.gz
        ```
        """;

    private static readonly string Lines =
        $$"""
        {"task_id":"call-1","space_token":"{{DemoData.SpaceToken}}","status":"completed","outcome":"Interested","agent":"asha","direction":"inbound","success_score":712.5,"duration_seconds":61.5,"created_at":"2026-11-08T09:30:00Z","updated_at":"2026-11-08T09:31:02Z"}
        {"task_id":"call-2","space_token":"{{DemoData.SpaceToken}}","status":"in_progress","agent":"ben","direction":"outward"}

        """;

    // Null is the same as absent, so that generated clients may send it. Any other key would be rejected.
    public static OpenApiSchema TaskSchema => new()
    {
        Description = "One task. A write replaces the whole task: what is absent or null becomes empty.",
        Type = JsonSchemaType.Object,
        Required = new HashSet<string>(StringComparer.Ordinal) { "task_id" },
        AdditionalPropertiesAllowed = false,
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["task_id"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                MinLength = 1,
                MaxLength = FieldValidator.MaxIdLength,
                Description = "Unique within the organisation.",
            },
            ["space_token"] = CreateString("One of the organisation's spaces; required unless `deleted`.", SpaceToken.MaxLength),
            ["status"] = CreateString("`pending`, `in_progress`, `completed`, `failed` or any other; required unless `deleted`."),
            ["execution_type"] = CreateString("Default: `call`."),
            ["product_id"] = CreateString("Default: the header `Product-Id`.", Product.MaxLength),
            ["run_id"] = CreateString("The run (batch) of the task.", FieldValidator.MaxIdLength),
            ["agent"] = CreateString("The assigned voice agent.", FieldValidator.MaxIdLength),
            ["direction"] = CreateString("`inbound`, `outbound` or empty."),
            ["outcome"] = CreateString("A call's label, such as `Interested`."),
            ["label"] = CreateString("As in an export of tasks: where it occurs, also as null, `outcome` is ignored."),
            ["space_name"] = CreateString("As in an export of tasks; ignored.", FieldValidator.MaxNameLength),
            ["success_score"] = CreateNumber("Of a call; at most two decimals.", SuccessScore.Max),
            ["duration_seconds"] = CreateNumber("In seconds.", CallDuration.MaxSeconds),
            ["created_at"] = CreateTime("Default: the stored value, or now."),
            ["updated_at"] = CreateTime("Default: now. An earlier value than the stored one changes nothing."),
            ["deleted"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Boolean | JsonSchemaType.Null,
                Description = "Deletes the task; then only `task_id` is needed.",
            },
        },
    };

    public static OpenApiRequestBody CreateRequestBody(OpenApiDocument document) => new()
    {
        Required = true,
        Description = Rules,
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [PushBodyReader.ArrayMediaType] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchemaReference(SchemaNames.PushedTask, document),
                    MaxItems = PushBody.MaxLines,
                },
                Example = new JsonArray(
                    [.. Lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line))]),
            },
            [PushBodyReader.MediaType] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Format = "binary",
                    Description = "One `PushedTask` a line, or all of them compressed with gzip.",
                },
                Example = Lines,
            },
        },
    };

    private static OpenApiSchema CreateString(string description, int maxLength = FieldValidator.MaxStringLength) =>
        new() { Type = JsonSchemaType.String | JsonSchemaType.Null, MaxLength = maxLength, Description = description };

    private static OpenApiSchema CreateNumber(string description, decimal maximum) =>
        new() { Type = JsonSchemaType.Number | JsonSchemaType.Null, Minimum = "0", Maximum = $"{maximum}", Description = description };

    private static OpenApiSchema CreateTime(string description) =>
        new() { Type = JsonSchemaType.String | JsonSchemaType.Null, Format = "date-time", Description = description };
}
