// Against a real service with the demo: ANALYTICS_URL and ANALYTICS_TOKEN. What a service rarely does, a small server does here.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { AnalyticsClient, AnalyticsError } from "./client.js";

const { ANALYTICS_URL: baseUrl, ANALYTICS_TOKEN: token } = process.env;
const organisation = "recalll.co";
const space = "S2ALESQ8Z1K5N7C3X9W4T6M0";
const client = new AnalyticsClient({ baseUrl, token, organisation });

test("the documented numbers", async () => {
  const { call_analytics } = await client.analytics({ space_token: "F1O3QJM1Y7Q1AVVUYNV4VPRB" });
  assert.equal(call_analytics.total_calls, 419);
});

test("a response that has not changed is the same object", async () => {
  const query = { date_range: "12mo", space_token: "F1O3QJM1Y7Q1AVVUYNV4VPRB" };
  const statuses = [];
  const counting = new AnalyticsClient({
    baseUrl, token, organisation, fetch: async (...request) => {
      const response = await fetch(...request);
      statuses.push(response.status);
      return response;
    },
  });
  const first = await counting.analytics(query);
  const second = await counting.analytics(query);
  assert.deepEqual(statuses, [200, 304]);
  assert.equal(first, second);
});

test("an error has its code, its inputs and the request's id", async () => {
  await assert.rejects(client.analytics({ date_range: "8d" }), (error) => {
    assert.ok(error instanceof AnalyticsError);
    assert.deepEqual([error.status, error.code, Object.keys(error.errors)], [400, "invalid_parameter", ["date_range"]]);
    assert.match(error.requestId, /^[0-9a-f]{32}$/);
    return true;
  });
});

test("a token function is called again with the rejected token", async () => {
  const rejected = [];
  const renewing = new AnalyticsClient({ baseUrl, organisation, token: (old) => (rejected.push(old), old ? token : "expired") });
  await renewing.definitions();
  await renewing.analytics();
  assert.deepEqual(rejected.slice(-2), [undefined, "expired"]);
});

test("all pages and the export are as long as the total", async () => {
  const query = { space_token: "F1O3QJM1Y7Q1AVVUYNV4VPRB" };
  const { total } = await client.tasks({ ...query, limit: 1, include: "total" });
  let paged = 0;
  for await (const page of client.pages("tasks", { ...query, limit: 100 })) paged += page.tasks.length;
  const exported = [];
  for await (const task of client.export(query)) exported.push(task.task_id);
  assert.equal(paged, total);
  assert.equal(new Set(exported).size, total);
});

test("a push of more than a batch tells the index of a rejected task, and a stream its effect", async () => {
  const stopped = new AbortController();
  const states = [];
  const stream = client.follow({ space_token: space }, { signal: stopped.signal, onState: (state) => states.push(state) });
  const before = (await stream.next()).value.data.call_analytics.total_calls;
  const run = Date.now();
  const tasks = Array.from({ length: 1_050 }, (_, i) => ({ task_id: `js-${run}-${i}`, space_token: space, status: i === 1_020 ? null : "completed" }));
  const { inserted, rejected, errors } = await client.push(tasks);
  assert.deepEqual([inserted, rejected, errors.map((error) => error.index)], [1_049, 1, [1_020]]);
  let calls = before;
  while (calls < before + 1_049) calls = (await stream.next()).value.data?.call_analytics.total_calls ?? calls;
  stopped.abort();
  assert.ok((await stream.next()).done);
  assert.deepEqual(states.slice(0, 2), ["connecting", "live"]);
  const { updated } = await client.push(tasks.map(({ task_id }) => ({ task_id, deleted: true })));
  assert.equal(updated, 1_049);
});

test("a 503 and a broken connection are retried, not before Retry-After", async (context) => {
  const times = [];
  const local = await serve(context, (request, response) => {
    times.push(Date.now());
    if (times.length === 1) response.writeHead(503, { "Retry-After": "1" }).end("{}");
    else if (times.length === 2) request.socket.destroy();
    else response.end('{"data":{"total":1}}');
  });
  assert.deepEqual(await local.analytics(), { total: 1 });
  assert.ok(times[1] - times[0] >= 1_000);
});

test("a body that breaks off is retried", async (context) => {
  let count = 0;
  const local = await serve(context, (request, response) => {
    if (++count > 1) return response.end('{"data":7}');
    response.writeHead(200, { "Content-Length": "100" }).write('{"data"');
    setTimeout(() => request.socket.destroy(), 50);
  });
  assert.equal(await local.analytics(), 7);
});

test("other errors are not retried", async (context) => {
  let count = 0;
  const local = await serve(context, (_, response) => {
    count++;
    response.writeHead(404).end('{"message":"Space not found.","code":"space_not_found"}');
  });
  await assert.rejects(local.analytics(), { message: "Space not found.", code: "space_not_found", status: 404 });
  assert.equal(count, 1);
});

test("a stream that breaks is resumed behind its last event", async (context) => {
  const resumed = [];
  const local = await serve(context, (request, response) => {
    resumed.push(request.headers["last-event-id"]);
    response.write(`: comment\n\ndata: {"data":${resumed.length}}\nid: "${resumed.length}"\n\nevent: version\ndata: {}\nid: "v"\n\n`);
    setTimeout(() => request.socket.destroy(), 50);
  });
  const seen = [];
  for await (const { id, data } of local.follow()) {
    seen.push([id, data]);
    if (seen.length === 4) break;
  }
  assert.deepEqual(seen, [['"1"', 1], ['"v"', null], ['"2"', 2], ['"v"', null]]);
  assert.deepEqual(resumed.slice(0, 2), [undefined, '"v"']);
});

async function serve(context, handler) {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return new AnalyticsClient({ baseUrl: `http://127.0.0.1:${server.address().port}`, token: "t", organisation });
}
