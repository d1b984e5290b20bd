#!/usr/bin/env bash
# Builds and starts the whole system in containers, waits until it is ready and asks for a prediction.
# shellcheck source-path=SCRIPTDIR source=ressources/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/ressources/common.sh"

usage() {
  cat <<'TEXT'
usage: ./scripts/docker-deploy.sh [--no-build] [--pull] [--wait-seconds 300] [-- COMPOSE UP OPTIONS...]

Builds the images (--no-build: uses those that are there; --pull: fetches them), starts API, worker, Postgres and MLflow
of docker-compose.yaml, waits until every health check passes, and asks the API for a prediction. SECRET_KEY and
FIRST_ADMINUSER_PASSWORD come from the environment, else from .env.local, where they are written the first time.
Exits 1 where something is not healthy in time or the prediction fails; 503 "model-not-ready" counts as an answer where
no model has been promoted yet.
TEXT
}

build=true pull=false wait_seconds=300
while [ $# -gt 0 ]; do
  case "$1" in
    --no-build) build=false && shift ;;
    --pull) pull=true && build=false && shift ;;
    --wait-seconds)
      [ $# -ge 2 ] || die '--wait-seconds needs a value'
      wait_seconds=$2
      shift 2
      ;;
    --) shift && break ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
done

command -v docker >/dev/null 2>&1 || die 'docker is not on the PATH'
docker compose version >/dev/null 2>&1 || die 'the compose plugin of docker is missing'
docker info >/dev/null 2>&1 || die 'no Docker engine answers'

# secret KEY: the environment's, else that of .env.local, else a new one, kept there.
secret() {
  local value=${!1:-}
  [ -n "$value" ] || value=$(sed -n "s/^$1=//p" "$ROOT/.env.local" 2>/dev/null | tail -n 1)
  if [ -z "$value" ]; then
    value=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
    (umask 077 && printf '%s=%s\n' "$1" "$value" >>"$ROOT/.env.local")
  fi
  printf '%s' "$value"
}

SECRET_KEY=$(secret SECRET_KEY)
FIRST_ADMINUSER_PASSWORD=$(secret FIRST_ADMINUSER_PASSWORD)
FIRST_ADMINUSER=${FIRST_ADMINUSER:-admin@vitrine.local}
export SECRET_KEY FIRST_ADMINUSER FIRST_ADMINUSER_PASSWORD

compose() { docker compose --project-directory "$ROOT" "$@"; }
api() { curl --silent --show-error --max-time 20 "$@"; }

# predict: a token, then an answer; its body is what is printed.
predict() {
  local address token status body
  address="http://$(compose port api 8010)/api/v1"
  body=$(mktemp)
  token=$(api "$address/login/access-token" --data-urlencode "username=$FIRST_ADMINUSER" \
    --data-urlencode "password=$FIRST_ADMINUSER_PASSWORD" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
  [ -n "$token" ] || { printf 'no token at %s\n' "$address" && return 1; }
  status=$(api "$address/predict?limit=3" --header "authorization: Bearer $token" --form 'designation=Rideau occultant' \
    --output "$body" --write-out '%{http_code}')
  cat "$body"
  [ "$status" = 200 ] || { [ "$status" = 503 ] && grep -q model-not-ready "$body"; }
}

[ "$build" = false ] || step 'Images' compose --profile training build || exit 1
[ "$pull" = false ] || step 'Images' compose pull || exit 1
step 'Services' compose up --detach --wait --wait-timeout "$wait_seconds" "$@" || exit 1
step 'Prediction' predict || exit 1
say "http://$(compose port api 8010)  (stop: docker compose down)"
