#!/usr/bin/env bash
# Builds an OpenTelemetry Collector (once) and runs it: what it receives over OTLP is written to files, a document a line.
# shellcheck source-path=SCRIPTDIR source=ressources/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/ressources/common.sh"

readonly COLLECTOR_VERSION=0.145.0
readonly PARTS="$ROOT/scripts/ressources/otel-collector"
readonly BINARY="${XDG_CACHE_HOME:-${HOME:-$ROOT/.tools}/.cache}/vitrine/otelcol-$COLLECTOR_VERSION"

usage() {
  cat <<TEXT
usage: ./scripts/otel-collector.sh [--host 127.0.0.1] [--grpc-port 4317] [--http-port 4318] [--data-dir data/telemetry]
         [--install-only]

Runs an OpenTelemetry Collector $COLLECTOR_VERSION that writes what it receives to traces.jsonl, metrics.jsonl and
logs.jsonl in the data folder; Ctrl-C stops it. It is built once by the collector's own builder, which needs Go and its
module proxy. --install-only builds it and prints the binary's path as its last line ($BINARY).
TEXT
}

host=127.0.0.1 grpc_port=4317 http_port=4318 data_dir="$ROOT/data/telemetry" install_only=false
while [ $# -gt 0 ]; do
  case "$1" in
    --host | --grpc-port | --http-port | --data-dir)
      [ $# -ge 2 ] || die "$1 needs a value"
      case "$1" in
        --host) host=$2 ;;
        --grpc-port) grpc_port=$2 ;;
        --http-port) http_port=$2 ;;
        --data-dir) data_dir=$2 ;;
      esac
      shift 2
      ;;
    --install-only) install_only=true && shift ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
done

# build_collector: in a folder of its own; the binary appears whole or not at all.
build_collector() {
  local building status=0
  building=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-otelcol.XXXXXX")
  sed "s|^dist:|dist:\n  output_path: $building/out|" "$PARTS/builder.yaml" >"$building/builder.yaml"
  mkdir -p "$(dirname "$BINARY")"
  (cd "$building" && go run "go.opentelemetry.io/collector/cmd/builder@v$COLLECTOR_VERSION" --config builder.yaml) &&
    mv "$building/out/otelcol" "$BINARY.$$" && mv "$BINARY.$$" "$BINARY" || status=$?
  rm -rf "$building"
  return "$status"
}

if [ ! -x "$BINARY" ]; then
  command -v go >/dev/null 2>&1 || die 'Go is needed to build the OpenTelemetry Collector and is not on the PATH'
  step "Build the OpenTelemetry Collector $COLLECTOR_VERSION (once)" build_collector ||
    die "the OpenTelemetry Collector $COLLECTOR_VERSION could not be built"
fi
if [ "$install_only" = true ]; then
  say "$BINARY"
  exit 0
fi

mkdir -p "$data_dir"
OTELCOL_DIR=$(cd "$data_dir" && pwd -P)
export OTELCOL_DIR OTELCOL_HOST=$host OTELCOL_GRPC_PORT=$grpc_port OTELCOL_HTTP_PORT=$http_port
say "OTLP: http://$host:$http_port, grpc://$host:$grpc_port → $OTELCOL_DIR  (Ctrl-C stops it)"
start_job "$BINARY" --config "$PARTS/config.yaml"
wait "$JOB"
