#!/usr/bin/env bash
# Deploys the images of VITRINE_TAG to a host over SSH: pull, up, wait for health, ask for a prediction; where any of it
# fails, the tag that ran before is started again. The host needs Docker with compose and nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

for key in DEPLOY_HOST DEPLOY_USER DEPLOY_DIR DEPLOY_KNOWN_HOSTS DEPLOY_SSH_KEY VITRINE_TAG OWNER; do
  [ -n "${!key:-}" ] || { printf '%s is not set\n' "$key" >&2 && exit 2; }
done
[[ $VITRINE_TAG =~ ^[A-Za-z0-9_.-]+$ && $OWNER =~ ^[A-Za-z0-9-]+$ && $DEPLOY_DIR =~ ^[A-Za-z0-9_./-]+$ ]] ||
  { printf 'VITRINE_TAG, OWNER or DEPLOY_DIR holds characters that are not allowed\n' >&2 && exit 2; }

keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT
(umask 077 && printf '%s\n' "$DEPLOY_SSH_KEY" >"$keys/key" && printf '%s\n' "$DEPLOY_KNOWN_HOSTS" >"$keys/known_hosts")
options=(-i "$keys/key" -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes -o "UserKnownHostsFile=$keys/known_hosts"
  -o ConnectTimeout=20 -o ServerAliveInterval=15)

files=(.env docker-compose.yaml pnpm-workspace.yaml scripts/docker-deploy.sh scripts/ressources/common.sh
  scripts/ressources/otel-collector/forward.yaml)
tar --create --gzip "${files[@]}" |
  ssh "${options[@]}" "$DEPLOY_USER@$DEPLOY_HOST" "mkdir -p '$DEPLOY_DIR' && tar --extract --gzip --directory '$DEPLOY_DIR'"

ssh "${options[@]}" "$DEPLOY_USER@$DEPLOY_HOST" bash -s -- "$DEPLOY_DIR" "ghcr.io/${OWNER,,}/vitrine" "$VITRINE_TAG" <<'REMOTE'
set -euo pipefail
cd "$1"
export VITRINE_IMAGE=$2
before=$(cat .deployed 2>/dev/null || true)
start() { VITRINE_TAG=$1 ./scripts/docker-deploy.sh --pull; }
if start "$3"; then
  printf '%s\n' "$3" >.deployed
elif [ -n "$before" ] && [ "$before" != "$3" ]; then
  printf 'back to %s\n' "$before"
  start "$before" || printf '%s does not start either\n' "$before"
  exit 1
else
  exit 1
fi
REMOTE
