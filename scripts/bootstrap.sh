# Sourced by the scripts beside it: puts Node.js 24 first on PATH, installs what package-lock.json pins and builds the
# console, each only when it has changed since the last time. Everything stays inside the checkout.

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
RUNTIME_VERSION=24.21.0
NODE_MAJOR=24

say() { printf '%s\n' "$*" >&2; }

# Two starts at once must not install into each other.
take_setup_lock() {
  if command -v flock >/dev/null 2>&1; then
    mkdir -p "$ROOT/.runtime"
    exec 9>"$ROOT/.runtime/setup.lock"
    flock 9
  fi
}

release_setup_lock() {
  if command -v flock >/dev/null 2>&1; then
    flock -u 9
    exec 9>&-
  fi
}

node_is_new_enough() {
  local major
  major="$("$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null)" || return 1
  [ "$major" -ge "$NODE_MAJOR" ] 2>/dev/null
}

use_node() {
  if command -v node >/dev/null 2>&1 && node_is_new_enough node; then return; fi
  local bin="$ROOT/.runtime/node_modules/.bin"
  if ! { [ -x "$bin/node" ] && node_is_new_enough "$bin/node"; }; then
    command -v npm >/dev/null 2>&1 || { say 'Sluice needs npm to fetch its runtime. Install Node.js 20 or newer (it brings npm) and start again.'; exit 1; }
    say "Fetching Node.js $RUNTIME_VERSION into .runtime (once; the Node.js on this machine is older than $NODE_MAJOR) …"
    npm install --prefix "$ROOT/.runtime" --no-save --no-audit --no-fund --loglevel=error "node@$RUNTIME_VERSION" >/dev/null
    node_is_new_enough "$bin/node" || { say "The fetched Node.js does not run here. Install Node.js $NODE_MAJOR yourself and start again."; exit 1; }
  fi
  export PATH="$bin:$PATH"
}

# The digest of files named on standard input, names and contents; what a stamp holds. The first word keeps it one value.
digest_of_files() {
  node -e '
    const { createHash } = require("node:crypto"); const { readFileSync } = require("node:fs");
    const hash = createHash("sha256").update(process.version);
    for (const name of readFileSync(0, "utf8").split("\n").filter(Boolean).sort()) hash.update(name + "\0").update(readFileSync(name));
    process.stdout.write(hash.digest("hex"));'
}

use_packages() {
  local stamp="$ROOT/node_modules/.sluice-installed" wanted
  wanted="$(printf '%s\n' package-lock.json package.json | digest_of_files)"
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return; fi
  say 'Installing the packages that package-lock.json pins …'
  npm ci --no-audit --no-fund --loglevel=error >&2
  printf '%s' "$wanted" >"$stamp"
}

build_console() {
  local stamp="$ROOT/admin-ui/dist/.sluice-built" wanted
  wanted="$(find admin-ui protocol/console protocol/channel package-lock.json -type f -not -path 'admin-ui/dist/*' -not -path '*/node_modules/*' | digest_of_files)"
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return; fi
  say 'Building the console …'
  node node_modules/vite/bin/vite.js build --config admin-ui/vite.config.ts --logLevel warn >&2
  printf '%s' "$wanted" >"$stamp"
}

cd "$ROOT"
take_setup_lock
use_node
use_packages
build_console
release_setup_lock
