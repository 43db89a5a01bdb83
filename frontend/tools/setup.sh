#!/usr/bin/env bash
# From a clean checkout: Node 24 out of the package registry, then the locked packages, then the type generator's own tree.
set -euo pipefail
cd "$(dirname "$0")/.."
(cd tools/node && npm ci --no-audit --no-fund)
export PATH="$PWD/tools/node/node_modules/.bin:$PATH"
node -v
npm ci --no-audit --no-fund
(cd tools/apigen && npm ci --no-audit --no-fund)
