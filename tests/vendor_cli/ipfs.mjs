// Copyright (c) 2026, webops.paas contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Adds the files of a directory to the sandbox with IPFS' own client of the RPC API, computes with IPFS' own importer
// what their CIDs are, and prints both: node ipfs.mjs API_URL DIRECTORY VERSION

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { importer } from "ipfs-unixfs-importer";
import { balanced } from "ipfs-unixfs-importer/layout";
import { fixedSize } from "ipfs-unixfs-importer/chunker";
import { create } from "kubo-rpc-client";

const [url, directory, version] = process.argv.slice(2);
const cidVersion = Number(version);

const files = readdirSync(directory, { recursive: true })
    .filter((name) => statSync(join(directory, name)).isFile())
    .map((name) => ({ path: `site/${name}`, content: readFileSync(join(directory, name)) }));

const byPath = (entries) => Object.fromEntries(entries.map((entry) => [entry.path, entry.cid.toString()]));

// The defaults of `ipfs add`, which differ from those of this importer.
const computed = [];
const forgotten = { put: async (cid) => cid };
for await (const entry of importer(files, forgotten, {
    cidVersion,
    rawLeaves: cidVersion === 1,
    chunker: fixedSize({ chunkSize: 262144 }),
    layout: balanced({ maxChildrenPerNode: 174 }),
})) {
    computed.push(entry);
}

const added = [];
for await (const entry of create({ url }).addAll(files, { cidVersion, rawLeaves: cidVersion === 1 })) {
    added.push(entry);
}

console.log(JSON.stringify({ added: byPath(added), computed: byPath(computed) }));
