#!/usr/bin/env bash
# Runs every bash block of the README, of CONTRIBUTING.md and of the pages in .github/docs, in that order and in one shell,
# so that later blocks can use the variables of earlier ones. Blocks that need a server or Docker are marked sh instead.
# Blocks marked python and javascript run in between, in Python and Node.js, and see the exported variables.
# One instance of the service, with the demo, runs meanwhile on port 8000.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

pages=(README.md .github/CONTRIBUTING.md .github/docs/*.md)
url=http://127.0.0.1:8000

dotnet build src/Analytics.Api -v quiet
dotnet build src/Analytics.Cli -v quiet

work=$(mktemp -d)
service=
follower=

start_service() {
  dotnet run --no-build --project src/Analytics.Api > "$work/log" 2>&1 &
  service=$!
  for _ in $(seq 120); do
    kill -0 "$service" 2> /dev/null || break
    if curl -sf -o /dev/null "$url/health/ready"; then return; fi
    sleep 0.5
  done
  cat "$work/log"
  exit 1
}

# The service ends with "dotnet run", which forwards the signal to it.
end_process() {
  if [ -n "$1" ]; then kill "$1" 2> /dev/null || true; wait "$1" || true; fi
}

stop() {
  end_process "$follower"
  end_process "$service"
  rm -rf "$work"
}
trap stop EXIT

# An HTTP error fails a block, and "dotnet run" uses the build from above.
cat > "$work/script" <<'EOF_PRELUDE'
curl() { command curl -f -S "$@"; }
dotnet() {
  if [ "$1" = run ]; then command dotnet run --no-build "${@:2}"; else command dotnet "$@"; fi
}
EOF_PRELUDE

# Three commands run elsewhere: the service (below), the build (above or by the caller) and the tests (by the caller).
awk '
  /^```(bash|python|javascript)$/ {
    inside = 1
    printf "\n# %s, line %d\n", FILENAME, FNR
    program = /python/ ? "python3 -" : /javascript/ ? "node --input-type=module -" : ""
    if (program) print program " <<'\''END_OF_BLOCK'\''"
    next
  }
  /^```$/ {
    if (inside && program) print "END_OF_BLOCK"
    inside = 0
  }
  inside && !/^dotnet (run --project src\/Analytics\.Api|build Analytics\.sln|test Analytics\.sln)$/
' "${pages[@]}" >> "$work/script"

grep -q '^dotnet run --project src/Analytics.Api$' README.md
start_service

# -v prints the commands as they are written, without the tokens that variables hold.
bash -euo pipefail -v "$work/script"
git diff --exit-code build/openapi.json

# The function of streaming.md, which no block calls, reconnects when the service is restarted, and shows the next change.
token=$(dotnet run --no-build -v q --project src/Analytics.Cli -- token --user 1)
awk '/^```js$/ { inside = 1; next } /^```$/ { inside = 0 } inside' .github/docs/streaming.md > "$work/follow.mjs"
cat >> "$work/follow.mjs" <<'EOF_FOLLOW'
const [, , url, token] = process.argv;
await follow(`${url}/api/v2/platform/organisation/analytics/stream/`, { "Org-Handle": "recalll.co", Authorization: `jwt ${token}` },
  report => console.log(report.data.call_status.total_tasks));
EOF_FOLLOW
touch "$work/totals"
node "$work/follow.mjs" "$url" "$token" > "$work/totals" &
follower=$!

# The greatest total that it has shown.
last_total() { sort -n "$work/totals" | tail -n 1; }
wait_for_total_above() {
  for _ in $(seq 120); do
    if [ "$(last_total)" -gt "$1" ] 2> /dev/null; then return; fi
    sleep 0.5
  done
  echo "follow of streaming.md has shown no total above $1, but: $(tr '\n' ' ' < "$work/totals")"
  exit 1
}
wait_for_total_above 0
end_process "$service"
shown=$(last_total)
start_service
curl -sS -f -o /dev/null "$url/api/v2/platform/organisation/tasks/" -H 'Org-Handle: recalll.co' -H "Authorization: jwt $token" \
  -H 'Content-Type: application/x-ndjson' \
  -d "{\"task_id\":\"docs-$(date +%s%N)\",\"space_token\":\"S2ALESQ8Z1K5N7C3X9W4T6M0\",\"status\":\"completed\"}"
wait_for_total_above "$shown"

echo "every block of ${#pages[@]} pages works"
