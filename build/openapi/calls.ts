// Calls every operation with openapi-fetch and the generated types.
import createClient from "openapi-fetch";
import type { paths } from "./generated/typescript/schema.js";

declare const process: { argv: string[] };

const [baseUrl, token] = process.argv.slice(2) as [string, string];
const client = createClient<paths, "application/json">({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
const scope = { "Org-Handle": "recalll.co" };
const root = "/api/v2/platform/organisation";

function check(condition: boolean, what: string): void {
  if (!condition) {
    throw new Error(what);
  }
}

const analytics = await client.GET(`${root}/analytics`, {
  params: { header: scope, query: { date_range: "28d", interval: "day", group_by: ["agent", "direction"], include: ["meta"] } },
});
const groups = analytics.data?.data.groups ?? [];
check(groups.length > 0 && analytics.data?.data.meta?.interval === "day", "getAnalytics");

const csv = await client.GET(`${root}/analytics`, {
  params: { header: scope, query: { format: "csv", group_by: ["agent"] } },
  parseAs: "text",
});
check(csv.data?.startsWith("agent,") === true, "getAnalytics as CSV");

const page = await client.GET(`${root}/analytics/tasks`, {
  params: { header: scope, query: { outcome: ["interested"], limit: 2, include: ["total"] } },
});
check(page.data?.data.tasks.length === 2 && page.data.data.tasks[0]?.outcome === "interested", "listTasks");

const organisations = await client.GET("/api/v2/platform/organisations", { params: { query: { limit: 10 } } });
check(organisations.data?.data.organisations.some((item) => item.handle === scope["Org-Handle"]) === true, "listOrganisations");

const spaces = await client.GET(`${root}/spaces`, { params: { header: scope, query: { limit: 1 } } });
check(spaces.data?.data.spaces[0]?.name === "Sales" && spaces.data.data.has_more, "listSpaces");

const definitions = await client.GET(`${root}/analytics/definitions`);
check((definitions.data?.data.definitions.length ?? 0) > 0, "getDefinitions");

const stream = await client.GET(`${root}/analytics/stream`, { params: { header: scope }, parseAs: "stream" });
const reader = (stream.data as ReadableStream<Uint8Array>).getReader();
check(new TextDecoder().decode((await reader.read()).value).includes("call_analytics"), "streamAnalytics");
await reader.cancel();

const push = await client.POST(`${root}/tasks`, {
  params: { header: scope },
  body: [{ task_id: "typescript-1", space_token: "F1O3QJM1Y7Q1AVVUYNV4VPRB", status: "completed" }],
});
check(push.data?.data.rejected === 0, "pushTasks");

const live = await client.GET("/health/live");
const ready = await client.GET("/health/ready");
check(live.data?.status === "live" && ready.data?.status === "ready", "getLiveness, getReadiness");

const unknown = await client.GET(`${root}/analytics`, { params: { header: { "Org-Handle": "nobody.example" } } });
check(unknown.error?.code === "organization_not_found", "an error has its code");

console.log("openapi-typescript: every operation works");
