#!/usr/bin/env bash
# Lints build/openapi.json, generates a client with each of NSwag, Kiota and openapi-typescript, compiles them, and calls every
# operation of a service with the demo through each. It also checks the client library in src/clients. It needs the .NET SDK,
# Node.js and npm. The generated clients are in build/openapi/generated afterwards.
set -euo pipefail
cd "$(dirname "$0")/openapi"
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export KIOTA_CLI_TELEMETRY_OPTOUT=true REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true

document=../openapi.json
url=http://127.0.0.1:8017

rm -rf generated
mkdir -p generated/nswag generated/typescript
npm ci --no-progress
npx redocly lint --config redocly.yaml "$document"
npx openapi-typescript "$document" -o generated/typescript/schema.d.ts
npx tsc

# The client library: its types are those of the document, its code agrees with them, and it is small.
library=../../src/clients/typescript
npx openapi-typescript "$document" -o generated/typescript/api.d.ts
diff generated/typescript/api.d.ts "$library/api.d.ts"
npx tsc -p "$library"
# The dashboard's code, which uses it. The build below copies client.js to it again, but not the types that it refers to.
rm -f ../../src/Analytics.Api/wwwroot/page/client.js
npx tsc -p ../../tests/Analytics.BrowserTests
[ "$(gzip -9c "$library/client.js" | wc -c)" -lt 5000 ]

dotnet tool restore
dotnet nswag openapi2csclient "/input:$document" /output:generated/nswag/Client.cs /namespace:Analytics.Clients.NSwag \
  /className:AnalyticsClient /jsonLibrary:SystemTextJson /operationGenerationMode:SingleClientFromOperationId \
  /generateNullableReferenceTypes:true /generateOptionalParameters:true /generateOptionalPropertiesAsNullable:true /useBaseUrl:false > generated/nswag/log \
  || { cat generated/nswag/log; exit 1; }
dotnet kiota generate --openapi "$document" --language CSharp --class-name AnalyticsClient \
  --namespace-name Analytics.Clients.Kiota --output generated/kiota --exclude-backward-compatible --log-level Error
dotnet build Clients.csproj -v quiet

source=$(realpath ../../src)
dotnet build "$source/Analytics.Api" -v quiet
dotnet build "$source/Analytics.Cli" -v quiet

work=$(mktemp -d)
service=
stop() {
  if [ -n "$service" ]; then kill "$service" 2> /dev/null || true; wait "$service" || true; fi
  rm -rf "$work"
}
trap stop EXIT

# In Development and outside of the checkout, so that both have a database, a key and the demo of their own.
# Both callers run it in a subshell, & and $(…), whose process dotnet replaces: the id after & is that of dotnet.
run() {
  cd "$work"
  export ASPNETCORE_ENVIRONMENT=Development DOTNET_ENVIRONMENT=Development
  exec dotnet "$source/$1" "${@:2}"
}

run Analytics.Api/bin/Debug/net10.0/Analytics.Api.dll --urls "$url" > "$work/log" 2>&1 &
service=$!
for _ in $(seq 120); do
  kill -0 "$service" 2> /dev/null || break
  if curl -sf -o /dev/null "$url/health/ready"; then ready=1; break; fi
  sleep 0.5
done
if [ -z "${ready:-}" ]; then cat "$work/log"; exit 1; fi

token=$(run Analytics.Cli/bin/Debug/net10.0/analytics.dll token --user 1)
# First, because the generated clients push tasks to the space with the documented numbers.
ANALYTICS_URL=$url ANALYTICS_TOKEN=$token node --test "$library/client.test.js"
dotnet bin/Debug/net10.0/Clients.dll "$url" "$token"
node generated/typescript/calls.js "$url" "$token"
