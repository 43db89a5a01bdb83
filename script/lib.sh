# Shared by the scripts: sourced, never run.
# shellcheck shell=bash
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
# The scripts run what they build, so they decide where it lies.
export CARGO_TARGET_DIR=$top/target

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Step timing: `step_begin NAME`, `step_end`, and at the end `step_table`.
step_name=
step_times=()
step_begin() { step_name=$1; step_started=$SECONDS; say "$1"; }
step_end() {
  step_times+=("$(printf '%-12s %5d s' "$step_name" $((SECONDS - step_started)))")
  step_name=
}
step_table() {
  if [ ${#step_times[@]} -gt 0 ]; then printf '%s\n' "${step_times[@]}" >&2; fi
  printf '%-12s %5d s\n' total "$SECONDS" >&2
}

# Runs a command as root: directly, by sudo, or not at all.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else die "this needs root: $*. Do it yourself and start again."
  fi
}

# apt_install PACKAGE...: what is missing, from the system's package manager.
apt_updated=
apt_install() {
  command -v apt-get >/dev/null 2>&1 || die "no apt-get here; install these yourself: $*"
  say "system packages: $*"
  if [ -z "$apt_updated" ]; then as_root apt-get update -qq; apt_updated=1; fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

node_major() { { node --version 2>/dev/null || echo v0; } | sed 's/^v\([0-9]*\).*/\1/'; }

# Puts a Node of 22 or newer first in PATH: the machine's own, or the one that is locked as an npm package.
recent_node() {
  if [ "$(node_major)" -ge 22 ]; then return; fi
  command -v npm >/dev/null 2>&1 || apt_install nodejs npm
  [ "$(uname -m)" = x86_64 ] || die "Node 22 or newer is needed; the packaged one is for x86_64 only, so install it yourself"
  npm_ci_if_changed frontend/tools/node
  PATH="$top/frontend/tools/node/node_modules/.bin:$PATH"
  export PATH
  hash -r
  [ "$(node_major)" -ge 22 ] || die "the packaged Node does not run"
}

# npm_ci_if_changed DIR: the locked packages of a folder, unless the same lock file was installed already.
npm_ci_if_changed() {
  local dir=$1 want
  want=$(sha256sum "$dir/package-lock.json" | cut -d' ' -f1)
  if [ "$(cat "$dir/node_modules/.lock-hash" 2>/dev/null || true)" = "$want" ]; then return; fi
  say "npm packages of $dir"
  (cd "$dir" && npm ci --no-audit --no-fund --loglevel=error)
  printf '%s' "$want" >"$dir/node_modules/.lock-hash"
}

# Hash of all files of the frontend that a build reads.
frontend_hash() {
  (
    cd frontend
    find . \( -name node_modules -o -name 'dist*' -o -name e2e -o -name test-results -o -name playwright-report \) -prune \
      -o -type f ! -name '*.test.*' ! -name '*.md' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
  )
}

# Builds frontend/dist, unless it was built from the same sources already.
build_frontend() {
  local want
  want=$(frontend_hash)
  if [ "$(cat frontend/dist/.source-hash 2>/dev/null || true)" = "$want" ]; then return; fi
  say "building the web app"
  (cd frontend && npm run --silent build)
  printf '%s' "$want" >frontend/dist/.source-hash
}

free_port() {
  python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'
}
