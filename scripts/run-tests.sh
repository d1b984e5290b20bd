#!/usr/bin/env bash
# Installs, builds, checks and tests everything; the last line is "N passed, N failed, N skipped".
# shellcheck source-path=SCRIPTDIR source=ressources/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/ressources/common.sh"

usage() {
  cat <<'TEXT'
usage: ./scripts/run-tests.sh

Installs the dependencies, builds, checks formatting, lint, unused code, types and generated files, and runs every
test. Every step runs even when another failed; each prints its seconds, and its output only when it fails. Needs
Node.js and the package registries, no terminal and no input. A check counts as one test. Exits 1 when anything
failed or no test ran.
TEXT
}

if [ $# -gt 0 ]; then
  usage
  case "$1" in -h | --help) exit 0 ;; *) exit 2 ;; esac
fi

export CI=true
results=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-tests.XXXXXX")
on_end() { rm -rf "$results"; }

# record TITLE STATUS: a check's result, for the summary.
record() { printf '%s\t%s\n' "$2" "$1" >>"$results/checks.tsv"; }

# check TITLE COMMAND...: a step whose result counts as one test.
check() {
  local title=$1
  if step "$@"; then record "$title" passed; else record "$title" failed; fi
}

check_shell_scripts() {
  local files
  files=(scripts/*.sh scripts/ressources/*.sh .ci/run)
  if command -v shellcheck >/dev/null 2>&1; then
    shellcheck --external-sources "${files[@]}"
  else
    local file
    for file in "${files[@]}"; do bash -n "$file" || return 1; done
  fi
}

run_jest() { pnpm exec jest --ci --json --outputFile="$results/jest.json"; }

summarise() { node scripts/ressources/test-summary.mjs "$results"; }

need_node
need_writable
end_leftover_jobs

if ! ensure_dependencies; then
  record 'Dependencies' failed
  printf '%s\n' '0 passed, 1 failed, 0 skipped'
  exit 1
fi
bring_pnpm

if ensure_build; then record 'Build' passed; else record 'Build' failed; fi

tensorflow=0
ensure_tensorflow || tensorflow=$?
case $tensorflow in
  0) record 'TensorFlow for training' passed ;;
  3) record 'TensorFlow for training: cannot be had on this machine' skipped ;;
  *) record 'TensorFlow for training' failed ;;
esac

check 'Format' pnpm run format:check
check 'Lint' pnpm run lint
check 'Unused code' pnpm run knip
check 'Types' pnpm run types
check 'Generated files' pnpm run generate:check
check 'Shell scripts' check_shell_scripts
# Its tests are counted one by one.
step 'Tests' run_jest || : >"$results/runner-failed"

summarise
