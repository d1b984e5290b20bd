#!/usr/bin/env bash
# Installs MLflow from PyPI into a virtual environment (once) and runs its tracking server; Ctrl-C stops it cleanly.
# shellcheck source-path=SCRIPTDIR source=ressources/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/ressources/common.sh"

# The client (datascience/mlflow) is tested against this version.
readonly MLFLOW_VERSION=3.17.2
readonly MIN_PYTHON='3.10'
readonly VENV="${XDG_CACHE_HOME:-${HOME:-$ROOT/.tools}/.cache}/vitrine/mlflow-$MLFLOW_VERSION"

usage() {
  cat <<TEXT
usage: ./scripts/mlflow-server.sh [--port 5000] [--host 127.0.0.1] [--data-dir data/mlflow]
         [--backend-store-uri URI] [--allowed-hosts LIST] [--install-only] [-- MLFLOW SERVER OPTIONS...]

Runs MLflow $MLFLOW_VERSION with artifacts proxied. Runs and models are kept in SQLite under the data folder unless
--backend-store-uri names another database, such as postgresql://user@host/mlflow; artifacts are kept in the data
folder. --allowed-hosts are the Host headers that are answered, comma-separated (default: this machine's names with
the port). --install-only installs and prints the virtual environment's folder as its last line.
The virtual environment is $VENV.
TEXT
}

port=5000 host=127.0.0.1 data_dir="$ROOT/data/mlflow" backend_store='' allowed_hosts='' install_only=false
while [ $# -gt 0 ]; do
  case "$1" in
    --port | --host | --data-dir | --backend-store-uri | --allowed-hosts)
      [ $# -ge 2 ] || die "$1 needs a value"
      case "$1" in
        --port) port=$2 ;;
        --host) host=$2 ;;
        --data-dir) data_dir=$2 ;;
        --backend-store-uri) backend_store=$2 ;;
        --allowed-hosts) allowed_hosts=$2 ;;
      esac
      shift 2
      ;;
    --install-only) install_only=true && shift ;;
    --) shift && break ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
done

# find_python: the first Python that is new enough, in PYTHON.
find_python() {
  local candidate
  for candidate in python3 python3.13 python3.12 python3.11 python3.10 python; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c "import sys; sys.exit(sys.version_info < (${MIN_PYTHON/./, }))" 2>/dev/null; then
      PYTHON=$candidate
      return 0
    fi
  done
  return 1
}

# make_venv DIR: Debian's Python lacks ensurepip where python3-venv is not installed.
make_venv() {
  "$PYTHON" -m venv "$1" && return 0
  rm -rf "$1"
  if command -v virtualenv >/dev/null 2>&1; then
    virtualenv --quiet --python "$PYTHON" "$1"
  elif command -v uv >/dev/null 2>&1; then
    uv venv --quiet --seed --python "$PYTHON" "$1"
  else
    printf '%s cannot make a virtual environment: install python3-venv, virtualenv or uv\n' "$PYTHON"
    return 1
  fi
}

# install_mlflow: a folder of its own, named by a link at the end: what the link names is whole.
install_mlflow() {
  local building="$VENV.$$"
  mkdir -p "$(dirname "$VENV")"
  make_venv "$building" || return 1
  # postgresql:// means psycopg from SQLAlchemy 2.1 on, and psycopg2 before.
  if ! "$building/bin/python" -m pip install --quiet --disable-pip-version-check \
    "mlflow[auth]==$MLFLOW_VERSION" 'psycopg[binary]' psycopg2-binary; then
    rm -rf "$building"
    return 1
  fi
  "$building/bin/python" -m compileall -q -j 1 "$building/lib" >/dev/null 2>&1 || true
  if [ -x "$VENV/bin/mlflow" ]; then
    rm -rf "$building" # another process was faster
  else
    ln -sfn "$building" "$VENV"
  fi
}

# remove_unfinished: what an install that was killed left behind.
remove_unfinished() {
  local dir
  for dir in "$VENV".*; do
    [ -d "$dir" ] || continue
    [ "$dir" != "$(readlink "$VENV" 2>/dev/null)" ] || continue
    kill -0 "${dir##*.}" 2>/dev/null || rm -rf "$dir"
  done
}

ensure_mlflow() {
  [ ! -x "$VENV/bin/mlflow" ] || return 0
  find_python || die "Python >= $MIN_PYTHON is needed for the MLflow server and is not on the PATH"
  remove_unfinished
  step "Install MLflow $MLFLOW_VERSION (once)" install_mlflow || die "MLflow $MLFLOW_VERSION could not be installed"
}

# port_taken: bash's own sockets need no tool.
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

ensure_mlflow
if [ "$install_only" = true ]; then
  say "$VENV"
  exit 0
fi

port_taken && die "port $port is taken: --port names another"
mkdir -p "$data_dir/artifacts"
data_dir=$(cd "$data_dir" && pwd -P)
: "${backend_store:=sqlite:///$data_dir/mlflow.db}"
: "${allowed_hosts:=localhost,localhost:$port,127.0.0.1,127.0.0.1:$port,$(hostname),$(hostname):$port}"

say "MLflow $MLFLOW_VERSION: http://localhost:$port  (MLFLOW_TRACKING_URI=http://localhost:$port; Ctrl-C stops it)"
# No calls home, and none of the job workers of features that are not used here (seven processes).
export MLFLOW_DISABLE_TELEMETRY=true MLFLOW_SERVER_ENABLE_JOB_EXECUTION="${MLFLOW_SERVER_ENABLE_JOB_EXECUTION:-false}"
start_job "$VENV/bin/mlflow" server --host "$host" --port "$port" --workers "${MLFLOW_WORKERS:-1}" \
  --backend-store-uri "$backend_store" --serve-artifacts --artifacts-destination "$data_dir/artifacts" \
  --allowed-hosts "$allowed_hosts" "$@"
wait "$JOB"
