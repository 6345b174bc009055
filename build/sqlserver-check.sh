#!/usr/bin/env bash
# Sends the requests whose plans build/sqlserver-check.sql checks: they read every index of the tasks and the rollups. The service uses
# SQL Server and has the demo's organisation, or the one that HANDLE, SPACE_TOKEN, AGENT, RUN_ID and LABEL describe.
#   URL    the address of the service
#   TOKEN  a token of a member of the organisation
set -euo pipefail

analytics() {
  curl -sSf "$URL/api/v2/platform/organisation/analytics/$1" \
    -H "Org-Handle: ${HANDLE:-recalll.co}" -H "Product-Id: ${PRODUCT_ID:-unpod.dev}" -H "Authorization: jwt $TOKEN"
}

space=space_token=${SPACE_TOKEN:-F1O3QJM1Y7Q1AVVUYNV4VPRB}
agent=agent=${AGENT:-asha}
run=run_id=${RUN_ID:-demo-run-1}
label=label=${LABEL:-interested}

for query in '' "?$space" '?date_range=7d&include=meta' '?date_range=28d&interval=day' \
  '?date_range=28d&compare=previous_period&group_by=agent,direction' '?date_range=28d&group_by=label' '?date_range=28d&group_by=run' \
  "?date_range=12mo&interval=month&$agent" "?date_range=28d&interval=week&$run"; do
  analytics "$query" > /dev/null
done

for filter in '' '&task_id=none' "&$run" "&$agent" "&$label" '&outcome=interested' '&status=failed' "&$space"; do
  analytics "tasks/?limit=1&include=total$filter" > /dev/null
  analytics "tasks/?format=csv$filter" > /dev/null
  cursor=$(analytics "tasks/?limit=1$filter" | jq -r '.data.cursor // empty')
  if [ -n "$cursor" ]; then analytics "tasks/?limit=1&cursor=$cursor$filter" > /dev/null; fi
done
