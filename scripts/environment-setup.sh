#!/usr/bin/env bash
# Makes a developer's machine ready: dependencies, build, TensorFlow, git hooks.
# shellcheck source-path=SCRIPTDIR source=ressources/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/ressources/common.sh"

usage() {
  cat <<'TEXT'
usage: ./scripts/environment-setup.sh

Brings pnpm and the dependencies, builds, makes TensorFlow load for training, and installs the git hooks:
pre-commit formats and lints what is staged, commit-msg checks the message, pre-push checks types and runs the
small tests. Safe to run again.
TEXT
}

if [ $# -gt 0 ]; then
  usage
  case "$1" in -h | --help) exit 0 ;; *) exit 2 ;; esac
fi

need_node
need_writable
end_leftover_jobs
ensure_dependencies || exit 1
bring_pnpm
ensure_build || say '  The build fails as the sources are; the rest goes on.'
ensure_tensorflow || say '  Images cannot be trained on this machine; everything else works.'
if [ -e .git ] && command -v git >/dev/null 2>&1; then
  step 'Git hooks' pnpm run hooks || exit 1
else
  skipped 'Git hooks' 'not a git clone'
fi

cat <<'TEXT'

Ready. ./scripts/start.sh serves the application, ./scripts/run-tests.sh checks and tests everything,
pnpm vitrine --help lists the training commands.
TEXT
