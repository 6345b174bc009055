using Analytics.Api.Controllers;
using Analytics.Api.Errors;
using Analytics.Application.Demo;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Analytics.Api.OpenApi;

internal static class DocumentTransformer
{
    public const string Title = "Analytics API";

    private static readonly string Description =
        $$"""
        The Analytics API lets you fetch call analytics and task status for an organization.

        ## Quick start

        1. **Get a token.** Your platform's login issues it: the token of the front end works here too. On the machine of a demo or a test
           installation, the operator's command `analytics token --user 1` prints one.
        2. **Paste it** on this page under Authentication, as it is. In a request, send its scheme too:
           `Authorization: jwt <token>` or `Authorization: Bearer <token>`.
        3. **Name the organisation** by its handle in `Org-Handle`. You must be a member of it: List Organisations
           returns yours, and List Spaces the spaces of one.

        ```sh
        curl "$SERVICE/{{AnalyticsController.RouteTemplate}}/?date_range=7d&timezone=Asia/Kolkata" \
          -H "Authorization: jwt $TOKEN" -H "Org-Handle: {{DemoData.Handle}}"
        ```

        ## Queries

        | query | parameters of Get Analytics |
        |---|---|
        | Today | `date_range=today&timezone=Asia/Kolkata` |
        | The last seven days, compared with the seven before | `date_range=7d&compare=previous_period` |
        | This month, compared with the same month a year ago | `date_range=month&compare=previous_year` |
        | Each hour of yesterday | `date_range=yesterday&interval=hour` |
        | Each day since 1 September, in New York | `start_date=2026-09-01&interval=day&timezone=America/New_York` |
        | By agent | `date_range=28d&group_by=agent` |
        | By space and direction | `group_by=space,direction` |
        | One agent, month by month | `date_range=12mo&interval=month&agent=asha` |
        | What the outcomes and statuses leave out | `include=reconciliation` |
        | The resolved range and the data's age | `date_range=7d&include=meta` |
        | As CSV | `date_range=28d&interval=day&format=csv` |

        List Tasks returns the calls behind each number, with the same parameters.

        ## Rules

        **Parameters**: without any, Get Analytics covers all time. A blank parameter is treated as absent, except `agent` and
        `direction`; any parameter but `agent`, `group_by` and `include` given twice is 400. An unknown parameter is 400, except that
        Get Analytics lists it in `meta.ignored`, unless it looks like a misspelt name: that is a 400 that suggests the right one.

        **Pages**: while `has_more` is true, send `cursor` for the next page, or follow the header `Link`.

        **Paths** are accepted with and without a final slash.

        **Errors** have one body: `{"status_code":401,"message":"…","code":"token_invalid"}`, then `errors` on 400 and 401 (each invalid
        input with its messages), and `request_id`. Programs should use `code`. An unknown route returns 404 `{{ErrorTable.GetError(StatusCodes.Status404NotFound).Message}}`,
        and another method 405 `{{ErrorTable.GetError(StatusCodes.Status405MethodNotAllowed).Message}}` with the allowed methods in `Allow`.

        **Freshness**: an acknowledged write is visible to the next read. Send the `ETag` of your cached response as
        `If-None-Match`: unless the response has changed, the status is 304 without a body.

        **Rate limits**: requests per minute are limited for each user, and for each address without a valid token. `RateLimit-Policy`
        and `RateLimit` state the limit and what remains; beyond it the status is 429 with `Retry-After`.

        **Support**: every response has an `X-Request-Id`. Quote it in a support request; the log contains it.
        """;

    public static Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = Title, Version = "1.0.0", Description = Description };

        // The default is the request's host. Relative to the document's address, the cached document is always valid.
        document.Servers = [new() { Url = "/" }];
        document.Security = SecuritySchemes.CreateRequirements(document);

        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "Analytics", Description = "Call analytics and task statuses of an organisation." },
            new() { Name = "Organisations", Description = "Your organisations and their spaces." },
            new() { Name = "Tasks", Description = "Write an organisation's tasks." },
            new() { Name = "Health", Description = "Liveness and readiness of the service." },
        };

        var components = document.Components ??= new OpenApiComponents();
        components.SecuritySchemes = SecuritySchemes.All;
        components.Parameters = ParameterDocs.Create(document);
        components.Headers = ResponseHeaderDocs.Headers;
        components.Schemas![SchemaNames.PushedTask] = PushTasksDocs.TaskSchema;
        foreach (var (name, schema) in ParameterDocs.CreateEnums())
        {
            components.Schemas[name] = schema;
        }

        // HEAD is the same without a body, which HTTP says already. A generated client has no use for it.
        foreach (var path in document.Paths.Values)
        {
            path.Operations!.Remove(HttpMethod.Head);
        }

        return Task.CompletedTask;
    }
}
