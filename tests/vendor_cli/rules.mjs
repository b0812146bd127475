// Copyright (c) 2026, webops.paas contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// What Netlify's own parsers of rules make of texts, and which rule its own library applies to a visit:
//   node rules.mjs DIRECTORY < CASES
// CASES is a JSON list of objects with the texts redirects, headers and config, each of which can be missing, a list of
// visits, and a list of paths whose headers are returned. Prints a JSON list with the rules and the number of errors of
// each. Temporary files are in DIRECTORY.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllHeaders } from "@netlify/headers-parser";
import { parseAllRedirects } from "@netlify/redirect-parser";
import redirector from "netlify-redirector";

const paths = Object.fromEntries(
    [["redirects", "_redirects"], ["headers", "_headers"], ["config", "netlify.toml"]].map(([name, file]) => [
        name,
        join(process.argv[2], file),
    ]),
);

const byPath = (rules) => rules.map(({ forRegExp, ...rule }) => rule);

// As the vendor's own development server asks its library.
const matches = async (rules, visits) => {
    if (rules.length === 0) {
        return visits.map(() => null);
    }
    const forLibrary = rules.map(({ from, query, signed, ...rule }) => ({ ...rule, origin: from, params: query }));
    const library = await redirector.parseJSON(JSON.stringify(forLibrary), {});
    return visits.map(({ url, language = "en", country = "", cookies = {} }) => {
        const address = new URL(url);
        const headers = { "x-language": language, "x-country": country };
        const found = library.match({
            scheme: address.protocol.slice(0, -1),
            host: address.hostname,
            path: decodeURIComponent(address.pathname),
            query: address.search.slice(1),
            headers,
            cookieValues: cookies,
            getHeader: (name) => headers[name.toLowerCase()] || "",
            getCookie: (name) => cookies[name] || "",
        });
        if (!found) {
            return null;
        }
        const { force404, to, status, force } = found;
        return force404 ? { to: null, status: 404, force: true } : { to, status, force };
    });
};

const headersFor = (rules, path) =>
    Object.assign({}, ...rules.filter(({ forRegExp }) => forRegExp.test(path)).map(({ values }) => values));

const results = [];
for (const { visits = [], paths: visited = [], ...texts } of JSON.parse(readFileSync(0, "utf8"))) {
    for (const [name, path] of Object.entries(paths)) {
        rmSync(path, { force: true });
        if (texts[name] !== undefined) {
            writeFileSync(path, texts[name]);
        }
    }
    const config = { netlifyConfigPath: paths.config, minimal: false };
    const redirects = await parseAllRedirects({ redirectsFiles: [paths.redirects], ...config });
    const headers = await parseAllHeaders({ headersFiles: [paths.headers], ...config });
    results.push({
        redirects: redirects.redirects,
        redirect_errors: redirects.errors.length,
        headers: byPath(headers.headers),
        header_errors: headers.errors.length,
        ...(visits.length > 0 && { matches: await matches(redirects.redirects, visits) }),
        ...(visited.length > 0 && { added: visited.map((path) => headersFor(headers.headers, path)) }),
    });
}
process.stdout.write(JSON.stringify(results));
