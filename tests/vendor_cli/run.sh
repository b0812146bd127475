#!/usr/bin/env bash
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Lets Netlify's own command line client, unmodified, work on the sandbox: creates a site, deploys, lists, locks,
# restores, deletes. Uses the sandbox that SANDBOX_URL, NETLIFY_API_URL, NETLIFY_AUTH_TOKEN and NETLIFY_ACCOUNT_SLUG
# point to, else starts its own. The client is installed into .venv/vendor-cli unless the pinned version is there.

set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tools=${VENDOR_CLI_DIR:-$root/.venv/vendor-cli}
python=${SANDBOX_PYTHON:-$root/.venv/sandbox/bin/python}
client=$tools/node_modules/.bin/netlify

for program in node npm; do
    command -v "$program" >/dev/null \
        || { echo "vendor-cli: $program is missing (node 20 or newer is needed)" >&2; exit 2; }
done
[ -x "$python" ] || { echo "vendor-cli: the sandbox's environment is missing: $python" >&2; exit 2; }

if ! cmp -s "$here/package.json" "$tools/installed.json"; then
    echo "install   netlify-cli into ${tools#"$root"/}"
    mkdir -p "$tools"
    cp "$here/package.json" "$tools/package.json"
    npm install --prefix "$tools" --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel error >/dev/null \
        || { echo "vendor-cli: npm could not install the client" >&2; exit 2; }
    cp "$here/package.json" "$tools/installed.json"
fi

work=$(mktemp -d)
sandbox=
finish() {
    if [ -n "$sandbox" ]; then
        kill "$sandbox" 2>/dev/null || true
        wait "$sandbox" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap finish EXIT

if [ -z "${SANDBOX_URL:-}" ]; then
    PYTHONPATH="$root/roles/sandbox/files" "$python" -m paas_sandbox --quiet --env-file "$work/sandbox.env" &
    sandbox=$!
    for _ in $(seq 200); do
        [ -e "$work/sandbox.env" ] && break
        kill -0 "$sandbox" 2>/dev/null || { sandbox=; echo "vendor-cli: the sandbox did not start" >&2; exit 2; }
        sleep 0.1
    done
    # shellcheck disable=SC1091
    . "$work/sandbox.env"
fi

version=$(node -p "require('$tools/node_modules/netlify-cli/package.json').version")
echo "client    netlify-cli $version, node $(node --version)"
"$python" "$here/check.py" "$client" "$work"
