#!/usr/bin/env bash
# From a clean clone to a running API with three models; the second time in seconds.
# shellcheck disable=SC2329 # functions that are steps are called by name
# shellcheck source-path=SCRIPTDIR source=ressources/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/ressources/common.sh"

usage() {
  cat <<'TEXT'
usage: ./scripts/start.sh [--check]

Brings pnpm and the dependencies, builds, makes TensorFlow load, starts Postgres, generates a demo data set and trains
the three demo models where the registry is empty, then serves on PORT (8010) until Ctrl-C. What is done already is
not done again, and what was interrupted goes on.

  --check   ask for one prediction when it is ready, print the answer, stop

Settings come from the environment, .env.local and .env (docs/env.md explains each). DATABASE_URL uses a Postgres
that runs already. The generated admin password and signing key are in .env.local.
TEXT
}

check_only=false
case "${1:-}" in
  '') ;;
  --check) check_only=true ;;
  -h | --help) usage && exit 0 ;;
  *) usage >&2 && exit 2 ;;
esac

readonly DEMO_CATALOGUE=data/datasets/demo-catalogue DEMO_DATASET=data/datasets/demo
# There from the first step of the demo models to the last: tells an unfinished run from models of the user's own.
readonly DEMO_UNFINISHED=data/run/demo-models-unfinished
readonly READY_SECONDS=60 STOP_SECONDS=20
started=$(now_ms)
server=
postgres_started=false

postgres() { node backend/dist/database/cli/postgres.js "$@"; }
vitrine() { node datascience/training/dist/main.js "$@"; }

# ---------------------------------------------------------------- one at a time, nothing left over

claim() {
  local other
  record_process "$$"
  other=$(running_elsewhere)
  [ -z "$other" ] || die "already running here as process $other; stop it with Ctrl-C or: kill $other"
  end_leftover_jobs
}

# The server gets the signal alone: it ends its own children in order.
stop_server() {
  local tenths=$((STOP_SECONDS * 10))
  kill -TERM "$server" 2>/dev/null || true
  while [ "$tenths" -gt 0 ] && kill -0 "$server" 2>/dev/null; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
  end_job "$server" 5
}

on_end() {
  local stopping
  stopping=$(now_ms)
  if [ "$postgres_started" = true ]; then
    printf '\n  %-46s ' 'Stopping'
    [ -z "$server" ] || stop_server
    postgres stop >/dev/null 2>&1
    printf '%6s s\n' "$(seconds_since "$stopping")"
  fi
}

# ---------------------------------------------------------------- demo models

# alias_version NAME, newest_version NAME: from the state read last; "-" is none.
alias_version() { printf '%s\n' "$model_state" | awk -v name="$1" '$1 == name { print $2 }'; }
newest_version() { printf '%s\n' "$model_state" | awk -v name="$1" '$1 == name { print $3 }'; }
is_served() { [ "$(alias_version "$1")" != - ]; }

read_model_state() {
  model_state=$(node scripts/ressources/start/model-state.mjs "$MODEL_ALIAS" "$TEXT_MODEL" "$IMAGE_MODEL" "$FUSION_MODEL")
}

# promote_newest NAME: the first version of a demo model answers from now on.
promote_newest() {
  read_model_state || return 1
  vitrine promote --model "$1" --version "$(newest_version "$1")" --alias "$MODEL_ALIAS" --reason 'demo model'
}

# train_and_promote MODALITY NAME FLAGS...: a version that was trained but not promoted is promoted only.
train_and_promote() {
  local modality=$1 name=$2
  shift 2
  read_model_state || return 1
  if [ "$(newest_version "$name")" = - ]; then
    vitrine "train-$modality" --input-dir "$DEMO_DATASET" --output-dir "data/training/demo-$modality" \
      --registered-model "$name" --set-staging "$@" || return 1
  fi
  promote_newest "$name"
}

demo_dataset() {
  vitrine demo-dataset --output-dir "$DEMO_CATALOGUE" &&
    vitrine create-dataset --input-dir "$DEMO_CATALOGUE" --output-dir "$DEMO_DATASET" --train-size 0.8 --test-size 0.2 --seed 42
}

ensure_demo_models() {
  local name
  read_model_state || return 1
  if [ ! -f "$DEMO_UNFINISHED" ]; then
    for name in "$TEXT_MODEL" "$IMAGE_MODEL" "$FUSION_MODEL"; do
      if is_served "$name"; then
        skipped 'Models' "$(describe_models)"
        return 0
      fi
    done
    : >"$DEMO_UNFINISHED"
  fi
  local tensorflow=0
  ensure_tensorflow || tensorflow=$?
  step 'Demo data set' demo_dataset || return 1
  is_served "$TEXT_MODEL" || step 'Text model' train_and_promote text "$TEXT_MODEL" || return 1
  if [ "$tensorflow" -ne 0 ]; then
    say '  Without TensorFlow there is no image and no fusion model: texts are answered.'
    return 0
  fi
  is_served "$IMAGE_MODEL" || step 'Image model' train_and_promote image "$IMAGE_MODEL" --base-model none || return 1
  if ! is_served "$FUSION_MODEL"; then
    step 'Fusion model' train_and_promote fusion "$FUSION_MODEL" \
      --text-model-uri "models:/$TEXT_MODEL@$MODEL_ALIAS" --image-model-uri "models:/$IMAGE_MODEL@$MODEL_ALIAS" || return 1
  fi
  rm -f "$DEMO_UNFINISHED"
}

describe_models() {
  printf '%s\n' "$model_state" | awk '$2 != "-" { printf "%s%s version %s", (n++ ? ", " : ""), $1, $2 }'
}

# ---------------------------------------------------------------- serving

# The address that a browser on this machine reaches.
local_address() {
  case "$HOST" in
    0.0.0.0 | :: | '') printf 'http://localhost:%s' "$PORT" ;;
    *:*) printf 'http://[%s]:%s' "$HOST" "$PORT" ;;
    *) printf 'http://%s:%s' "$HOST" "$PORT" ;;
  esac
}

# The address holds a password, which no log needs.
start_postgres() { postgres start >/dev/null; }

serve() {
  local address log serving status=0
  address=$(local_address)
  log=$(log_of 'server')
  postgres_started=true
  step 'Postgres' start_postgres || exit 1
  step 'Database schema' node backend/dist/database/cli/migrate.js || exit 1
  serving=$(now_ms)
  : >"$log"
  start_job node backend/dist/main.js >>"$log" 2>&1
  server=$JOB
  step 'API' \
    node scripts/ressources/start/wait-ready.mjs "$address/health/ready" "$server" "$READY_SECONDS" || status=$?
  if [ "$status" -ne 0 ]; then
    tail -n "$LOG_TAIL_LINES" "$log" | cut -c 1-300 | sed 's/^/    | /'
    die "the API did not become ready in $(seconds_since "$serving") s; its log: ${log#"$ROOT"/}"
  fi
}

introduce() {
  local address request
  address=$(local_address)
  request=$(node scripts/ressources/start/example-request.mjs "$address" "$ADMIN" "$ADMIN_PASSWORD")
  say ''
  say "Vitrine answers after $(seconds_since "$started") s."
  say ''
  say "  address   $address  (documentation: $address/docs)"
  say "  login     $ADMIN  $ADMIN_PASSWORD"
  say "  log       ${LOG_DIR#"$ROOT"/}/server.log"
  say ''
  say 'Ask it for the category of a product it has not seen:'
  say ''
  say "$request"
  say ''
  if [ "$check_only" = true ]; then
    check_answer "$request"
  else
    say 'Ctrl-C stops it.'
  fi
}

# check_answer REQUEST: runs the command as a user would paste it; fails without categories in the answer.
check_answer() {
  local answer
  answer=$(bash -c "$1")
  say "$answer"
  case "$answer" in *'"category_id"'*) ;; *) die 'that is not a prediction' ;; esac
}

# ---------------------------------------------------------------- the run

need_node
need_writable
claim
eval "$(node scripts/ressources/start/settings.mjs)"
node scripts/ressources/start/preflight.mjs "$HOST" "$PORT" || exit 1
need_disk 500

say "Starting Vitrine in $ROOT"
[ -z "$GENERATED_SECRETS" ] || say "  Generated $GENERATED_SECRETS into .env.local"
ensure_dependencies || exit 1
ensure_build || exit 1
ensure_demo_models || exit 1
serve
introduce || exit 1
[ "$check_only" = false ] || exit 0

status=0
wait "$server" || status=$?
die "the API ended by itself with status $status; its log: ${LOG_DIR#"$ROOT"/}/server.log"
