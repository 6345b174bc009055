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
stop() {
  # The service ends with "dotnet run", which forwards the signal to it.
  if [ -n "$service" ]; then kill "$service" 2> /dev/null || true; wait "$service" || true; fi
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
dotnet run --no-build --project src/Analytics.Api > "$work/log" 2>&1 &
service=$!
for _ in $(seq 120); do
  kill -0 "$service" 2> /dev/null || break
  if curl -sf -o /dev/null "$url/health/ready"; then ready=1; break; fi
  sleep 0.5
done
if [ -z "${ready:-}" ]; then cat "$work/log"; exit 1; fi

# -v prints the commands as they are written, without the tokens that variables hold.
bash -euo pipefail -v "$work/script"
git diff --exit-code build/openapi.json
echo "every block of ${#pages[@]} pages works"
