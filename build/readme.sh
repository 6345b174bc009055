#!/usr/bin/env bash
# Runs every bash block of the README, in order, in one shell: what a stranger is told to type works. (What needs a server
# or Docker stands in blocks of sh.)
# The service runs in the background; the tests are run by who calls this.
set -euo pipefail
cd "$(dirname "$0")/.."

script=$(mktemp)
log=$(mktemp)

stop() {
  # "dotnet run" is only the parent of the service; waiting keeps its last words from following the caller's.
  pkill -P "$service" || true
  wait "$service" || true
  rm -f "$script" "$log"
}

# A refusal fails, and what the page starts behind itself ends with it.
cat > "$script" <<'EOF'
curl() { command curl -f "$@"; }
trap 'for job in $(jobs -p); do pkill -P "$job" || true; done; wait' EXIT
EOF
awk '/^```bash$/ { inside = 1; next } /^```$/ { if (inside) print ""; inside = 0 } inside' README.md >> "$script"
grep -q '^dotnet run --project src/Analytics.Api$' "$script"
sed -i -e '/^dotnet run --project src\/Analytics.Api$/d' -e '/^dotnet test /d' "$script"

dotnet run --project src/Analytics.Api > "$log" 2>&1 &
service=$!
trap stop EXIT
for _ in $(seq 120); do
  kill -0 "$service" || { cat "$log"; exit 1; }
  if curl -sf -o /dev/null http://127.0.0.1:8000/health/ready; then break; fi
  sleep 0.5
done
curl -sf -o /dev/null http://127.0.0.1:8000/health/ready || { cat "$log"; exit 1; }

# -v shows commands as they are written, not the token that they hold.
bash -euo pipefail -v "$script"
git diff --exit-code build/openapi.json
echo "every bash block of the README works"
