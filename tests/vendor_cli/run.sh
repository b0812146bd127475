#!/usr/bin/env bash
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Lets clients that others wrote, unmodified, work on the sandbox: one check per client, each a file beside this one.
# Uses the sandbox that SANDBOX_URL and the other variables of its file point to, else starts its own. The clients are
# installed into .venv/vendor-cli unless the pinned versions are there.

set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tools=${VENDOR_CLI_DIR:-$root/.venv/vendor-cli}
python=${SANDBOX_PYTHON:-$root/.venv/sandbox/bin/python}

for program in node npm git openssl python3; do
    command -v "$program" >/dev/null || { echo "vendor-cli: $program is missing" >&2; exit 2; }
done
[ -x "$python" ] || { echo "vendor-cli: the sandbox's environment is missing: $python" >&2; exit 2; }

if ! cmp -s "$here/package.json" "$tools/installed.json"; then
    echo "install   the clients into ${tools#"$root"/}"
    mkdir -p "$tools"
    cp "$here/package.json" "$tools/package.json"
    npm install --prefix "$tools" --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel error >/dev/null \
        || { echo "vendor-cli: npm could not install the clients" >&2; exit 2; }
    # The only script of a package that is run: it brings the node for this machine.
    (cd "$tools/node_modules/node" && npm_config_update_notifier=false node installArchSpecificPackage.js >/dev/null) \
        || { echo "vendor-cli: npm could not install node" >&2; exit 2; }
    cp "$here/package.json" "$tools/installed.json"
fi

PATH="$tools/node_modules/node/bin:$PATH"

requirements=$(python3 - "$root/pyproject.toml" <<'END'
import sys, tomllib
groups = tomllib.load(open(sys.argv[1], "rb"))["dependency-groups"]
print(*groups["core"], *(each for each in groups["vendor-cli"] if isinstance(each, str)), sep="\n")
END
)
if [ "$requirements" != "$(cat "$tools/requirements.txt" 2>/dev/null)" ]; then
    echo "install   the Python tools into ${tools#"$root"/}"
    python3 -m venv --clear "$tools/python"
    echo "$requirements" >"$tools/wanted.txt"
    "$tools/python/bin/python" -m pip install -qq --no-input --disable-pip-version-check -r "$tools/wanted.txt" \
        || { echo "vendor-cli: pip could not install the Python tools" >&2; exit 2; }
    mv "$tools/wanted.txt" "$tools/requirements.txt"
fi

# Hasura publishes its action on GitHub only, with all that it needs in one file.
action=${HASURA_PREVIEW_ACTION:-$tools/preview-action}
action_url=https://github.com/hasura/hasura-cloud-preview-apps
action_commit=2a4cf135eaee71f3c5a17f0c29e42d459b6349d3
if [ ! -e "$action" ]; then
    echo "install   Hasura's action into ${action#"$root"/}"
    timeout 60 git -c advice.detachedHead=false clone --quiet --depth 1 --branch v0.1.10 "$action_url" "$action" \
        2>/dev/null || rm -rf "$action"
fi

work=$(mktemp -d)
sandbox=
finish() {
    if [ -n "$sandbox" ]; then
        if kill "$sandbox" 2>/dev/null; then
            wait "$sandbox" 2>/dev/null || true
        else
            status=0; wait "$sandbox" || status=$?
            echo "vendor-cli: the sandbox had ended by itself, with status $status" >&2
        fi
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

# Node finds packages beside the script that asks for them.
cp "$here"/*.mjs "$tools/"
clients=$(node -p "Object.entries(require('$here/package.json').dependencies).map((each) => each.join(' ')).join(', ')")
echo "clients   $clients; node $(node --version)"
for check in netlify netlify_api rules fleek iterative_deploy graphql_tools hasura ipfs flightcontrol; do
    mkdir "$work/$check"
    "$python" "$here/$check.py" "$tools" "$work/$check"
done
if [ ! -e "$action" ]; then
    echo "skipped   hasura-cloud-preview-apps: GitHub cannot be reached; set HASURA_PREVIEW_ACTION to a checkout"
elif [ "$(git -C "$action" rev-parse HEAD)" = "$action_commit" ]; then
    mkdir "$work/preview_action"
    "$python" "$here/preview_action.py" "$action" "$work/preview_action"
else
    echo "vendor-cli: $action is not commit $action_commit of $action_url" >&2
    exit 1
fi
# These need the modules, and start a sandbox that they can reset.
for check in estate functions conformance; do
    mkdir "$work/$check"
    SANDBOX_PYTHON=$python "$tools/python/bin/python" "$here/$check.py" "$tools" "$work/$check"
done
echo "vendor-cli: all clients passed"
