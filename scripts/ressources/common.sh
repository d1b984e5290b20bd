# shellcheck shell=bash
# What the scripts of this folder share: strict mode, quiet timed steps, checks, dependencies, build.
# Source it. It works with bash 3.2, as root or not, without a terminal and without standard input.
set -Eeuo pipefail
set -m # every background job leads its own process group, so that its whole tree can be ended

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
SCRIPT_NAME=$(basename "${0%.sh}")
LOG_DIR="$ROOT/data/logs/$SCRIPT_NAME"
RUN_DIR="$ROOT/data/run"
# Names this process and then its background jobs, one "pid identity" a line; see end_leftover_jobs.
JOBS_FILE="$RUN_DIR/$SCRIPT_NAME.$$.jobs"
readonly PNPM_VERSION=12.21.0
readonly MIN_NODE=20.19.0
readonly LOG_TAIL_LINES=40

cd "$ROOT"
export ONNXRUNTIME_NODE_INSTALL=skip # its CPU binary is part of the package
export COREPACK_ENABLE_DOWNLOAD_PROMPT=0
# Node keeps its own list of authorities; a machine that names another for OpenSSL means every program.
if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r "${SSL_CERT_FILE:-}" ]; then
  export NODE_EXTRA_CA_CERTS="$SSL_CERT_FILE"
fi

say() { printf '%s\n' "$*"; }

die() {
  printf '%s: %s\n' "$SCRIPT_NAME" "$*" >&2
  exit 1
}

now_ms() {
  if [ -n "${EPOCHREALTIME:-}" ]; then
    local micros=${EPOCHREALTIME/[.,]/}
    printf '%s' "$((micros / 1000))"
  else
    printf '%s000' "$(date +%s)"
  fi
}

# seconds_since STARTED_MS: with one digit after the point.
seconds_since() {
  local elapsed=$(($(now_ms) - $1))
  printf '%d.%d' $((elapsed / 1000)) $((elapsed % 1000 / 100))
}

# ---------------------------------------------------------------- background jobs

# process_identity PID: what tells a process from a later one of the same number; empty when it is gone.
process_identity() {
  if [ -r /proc/sys/kernel/random/boot_id ]; then
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    # The fields after the name in brackets; the 20th of them is the start time in ticks after boot.
    # shellcheck disable=SC2086 # splitting is meant
    set -- ${stat##*) }
    printf '%s-%s' "$(cat /proc/sys/kernel/random/boot_id)" "${20}"
  else
    ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' '-' || true
  fi
}

# start_job COMMAND...: runs it in the background in its own process group and leaves its pid in JOB.
start_job() {
  "$@" </dev/null &
  JOB=$!
  record_process "$JOB"
}

record_process() {
  mkdir -p "$RUN_DIR"
  [ "$1" = "$$" ] || [ -f "$JOBS_FILE" ] || record_process "$$"
  printf '%s %s\n' "$1" "$(process_identity "$1")" >>"$JOBS_FILE"
}

# is_process PID IDENTITY: whether that very process runs.
is_process() { [ -n "${2:-}" ] && [ "$(process_identity "$1")" = "$2" ]; }

group_alive() { kill -0 -- "-$1" 2>/dev/null; }

# end_job PID [GRACE_SECONDS]: asks the job's group to end and kills what is left after the grace.
end_job() {
  local pid=$1 tenths=$((${2:-10} * 10))
  group_alive "$pid" || return 0
  kill -TERM -- "-$pid" 2>/dev/null || true
  while [ "$tenths" -gt 0 ] && group_alive "$pid"; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
  kill -KILL -- "-$pid" 2>/dev/null || true
}

# end_jobs: ends every job of this script that is still running, the newest first.
end_jobs() {
  local pid
  for pid in $(jobs -p | sort -rn); do
    end_job "$pid"
  done
  rm -f "$JOBS_FILE"
}

# running_elsewhere: the pid of another run of this script in this folder, or nothing.
running_elsewhere() {
  local file pid identity
  for file in "$RUN_DIR/$SCRIPT_NAME".*.jobs; do
    [ -f "$file" ] && [ "$file" != "$JOBS_FILE" ] || continue
    read -r pid identity <"$file" || continue
    if is_process "$pid" "$identity"; then
      printf '%s' "$pid"
      return 0
    fi
  done
}

# end_leftover_jobs: ends what earlier runs of this script left behind when they were killed outright.
end_leftover_jobs() {
  local file owner identity pid
  for file in "$RUN_DIR/$SCRIPT_NAME".*.jobs; do
    [ -f "$file" ] && [ "$file" != "$JOBS_FILE" ] || continue
    {
      read -r owner identity || true
      is_process "${owner:-0}" "${identity:-}" && continue
      while read -r pid identity; do
        ! is_process "$pid" "$identity" || end_job "$pid"
      done
    } <"$file"
    rm -f "$file"
  done
}

# A script may define on_end for what must happen first, whichever way it ends.
on_end() { :; }
finish() {
  local status=$?
  trap '' INT TERM HUP
  trap - EXIT
  set +e
  on_end
  end_jobs
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# ---------------------------------------------------------------- steps

# show_waiting TITLE LOG STARTED_MS: on a terminal the seconds and the log's last line, elsewhere a dot now and then.
show_waiting() {
  local width=${COLUMNS:-100} last
  while kill -0 "$$" 2>/dev/null; do
    if [ -t 1 ]; then
      sleep 1
      last=$(tail -n 1 "$2" 2>/dev/null | tr '\r' '\n' | tail -n 1 | tr -dc '[:print:]' | cut -c "1-$((width - 62))")
      printf '\r\033[K  %-46s %6s s  %s' "$1" "$(seconds_since "$3")" "$last"
    else
      sleep 15
      printf '.'
    fi
  done
}

# await_step TITLE LOG STARTED_MS PID: waits for a started job and says how it went; its status is the job's.
await_step() {
  local title=$1 log=$2 started=$3 job=$4 status=0 ticker
  printf '  %-46s ' "$title"
  show_waiting "$title" "$log" "$started" &
  ticker=$!
  wait "$job" 2>/dev/null || status=$?
  # The group goes with its leader: nothing it started may outlive the step.
  group_alive "$job" && end_job "$job" 2
  kill -KILL -- "-$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  [ ! -t 1 ] || printf '\r\033[K  %-46s ' "$title"
  if [ "$status" -eq 0 ]; then
    printf '%6s s\n' "$(seconds_since "$started")"
  else
    printf '%6s s  FAILED\n' "$(seconds_since "$started")"
    tail -n "$LOG_TAIL_LINES" "$log" | cut -c 1-300 | sed 's/^/    | /'
    say "    the whole log: ${log#"$ROOT"/}"
  fi
  return "$status"
}

# log_of TITLE: the path of a step's log.
log_of() {
  mkdir -p "$LOG_DIR"
  printf '%s/%s.log' "$LOG_DIR" "$(printf '%s' "$1" | tr '[:upper:]' '[:lower:]' | tr -cs '[:alnum:]' '-' | sed 's/-$//')"
}

# step TITLE COMMAND...: runs the command, prints the title and the seconds, and its output only when it fails.
step() {
  local title=$1 log started status=0
  shift
  log=$(log_of "$title")
  started=$(now_ms)
  start_job "$@" >"$log" 2>&1
  await_step "$title" "$log" "$started" "$JOB" || status=$?
  return "$status"
}

# skipped TITLE REASON: the line of a step that had nothing to do.
skipped() { printf '  %-46s %8s  %s\n' "$1" '-' "$2"; }

# ---------------------------------------------------------------- checks

# need_node: stops with one line when Node is missing or too old.
need_node() {
  command -v node >/dev/null 2>&1 || die "Node.js >= $MIN_NODE is needed and no 'node' is on the PATH"
  node -e '
    const [have, need] = [process.versions.node, process.argv[1]].map((v) => v.split(".").map(Number));
    const at = have.findIndex((n, i) => n !== need[i]);
    process.exit(at < 0 || have[at] > need[at] ? 0 : 1);
  ' "$MIN_NODE" || die "Node.js >= $MIN_NODE is needed; this is $(node --version)"
}

# need_disk MEGABYTES: stops with one line when the project's file system has less left.
need_disk() {
  local free_kb
  free_kb=$(df -Pk "$ROOT" | awk 'NR == 2 { print $4 }')
  [ "$free_kb" -ge "$(($1 * 1024))" ] ||
    die "no disk: $((free_kb / 1024)) MB are free where the project is, $1 MB are needed"
}

# need_writable: stops with one line when the project cannot be written to; a home that cannot is replaced.
need_writable() {
  [ -w "$ROOT" ] || die "the project folder cannot be written to by $(id -un)"
  mkdir -p "$ROOT/data" 2>/dev/null && [ -w "$ROOT/data" ] || die "data/ cannot be written to by $(id -un)"
  # Package managers and caches want a home.
  if [ ! -d "${HOME:-/nonexistent}" ] || [ ! -w "$HOME" ]; then
    export HOME="$ROOT/.tools/home"
    mkdir -p "$HOME"
  fi
}

registry_answers() {
  local attempt
  for attempt in 1 2; do
    npm view "pnpm@$PNPM_VERSION" version --fetch-retries=0 --fetch-timeout=15000 >/dev/null 2>&1 && return 0
    [ "$attempt" -eq 2 ] || sleep 1
  done
  return 1
}

die_of_registry() {
  die "the package registry $(npm config get registry 2>/dev/null) does not answer: check the network and npm's configuration"
}

# ---------------------------------------------------------------- dependencies and build

right_pnpm() {
  local version
  version=$(pnpm --version 2>/dev/null </dev/null) || return 1
  [ "${version%%.*}" = "${PNPM_VERSION%%.*}" ]
}

# Globally where that serves the user too; beside the project where that is not allowed, would not be found, or another
# pnpm is there, which is somebody's.
install_pnpm() {
  local prefix
  prefix=$(npm prefix --global)
  if ! command -v pnpm >/dev/null 2>&1 && [ -w "$prefix/lib/node_modules" ] && [ -w "$prefix/bin" ]; then
    case ":$PATH:" in
      *":$prefix/bin:"*)
        npm install --global --no-fund --no-audit "pnpm@$PNPM_VERSION" && return 0
        ;;
    esac
  fi
  npm install --prefix "$ROOT/.tools" --no-fund --no-audit "pnpm@$PNPM_VERSION"
}

# bring_pnpm: leaves a pnpm of the right major version on the PATH.
bring_pnpm() {
  PATH="$ROOT/.tools/node_modules/.bin:$PATH"
  export PATH
  right_pnpm && return 0
  command -v npm >/dev/null 2>&1 || die "neither pnpm $PNPM_VERSION nor npm is on the PATH"
  registry_answers || die_of_registry
  step "Bring pnpm $PNPM_VERSION" install_pnpm || exit 1
  hash -r
  right_pnpm || die "pnpm $PNPM_VERSION was installed but is not the one on the PATH"
}

stamp() { node "$ROOT/scripts/ressources/stamp.mjs" "$@"; }

pnpm_install() { CI=true pnpm install --frozen-lockfile "$@"; }
pnpm_install_offline() { pnpm_install --offline 2>&1 | tail -n 3; }

# ensure_dependencies: pnpm and the packages; nothing to do when neither lockfile nor manifests changed.
ensure_dependencies() {
  if stamp check install; then
    PATH="$ROOT/.tools/node_modules/.bin:$PATH"
    skipped 'Dependencies' 'up to date'
    return 0
  fi
  need_disk 4000
  bring_pnpm
  if registry_answers; then
    step 'Dependencies' pnpm_install || return 1
  else
    # What an earlier installation left in the store may be all that is needed.
    step 'Dependencies (offline)' pnpm_install_offline || die_of_registry
  fi
  stamp write install
}

# ensure_build: compiles; nothing to do when no source changed since.
ensure_build() {
  if stamp check build; then
    skipped 'Build' 'up to date'
    return 0
  fi
  step 'Build' pnpm run build || return 1
  stamp write build
}

# ensure_tensorflow: status 3 when TensorFlow cannot be had here; the reason has been said then.
ensure_tensorflow() {
  local title='TensorFlow for training' log started status=0
  log=$(log_of "$title")
  if node scripts/setup-tensorflow.mjs --check >/dev/null 2>&1; then
    skipped "$title" 'up to date'
    return 0
  fi
  started=$(now_ms)
  start_job node scripts/setup-tensorflow.mjs >"$log" 2>&1
  await_step "$title" "$log" "$started" "$JOB" || status=$?
  return "$status"
}
