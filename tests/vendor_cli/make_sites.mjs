// Copyright (c) 2026, webops.paas contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Fills an account with Netlify's own client, as years of work by hand do: node make_sites.mjs NUMBER_OF_SITES
// Prints how many objects it has made.

import { NetlifyAPI } from "@netlify/api";

const count = Number(process.argv[2]);
const url = new URL(process.env.NETLIFY_API_URL);
const client = new NetlifyAPI(process.env.NETLIFY_AUTH_TOKEN, {
    scheme: url.protocol.slice(0, -1),
    host: url.host,
    pathPrefix: url.pathname,
});
const [account] = await client.listAccountsForUser();
const account_id = account.slug;
const everywhere = (key, value) => ({ key, values: [{ context: "all", value }] });
let made = 0;
const make = async (operation, parameters) => {
    made += 1;
    return client[operation](parameters);
};

await make("createEnvVars", { account_id, body: [everywhere("TZ", "Europe/Berlin"), everywhere("EMPTY", "")] });
for (let number = 1; number <= count; number += 1) {
    const name = `vendor-site-${number}`;
    const site = await make("createSiteInTeam", { account_slug: account.slug, body: { name } });
    const site_id = site.id;
    const body = { notification_email: `web${number}@example.com` };
    if (number % 2) {
        body.custom_domain = `www${number}.example.net`;
        body.processing_settings = { skip: false, html: { pretty_urls: true } };
    }
    if (number % 3 === 0) {
        const key = await make("createDeployKey", {});
        body.repo = {
            provider: "github",
            repo_path: `example/site-${number}`,
            branch: "main",
            cmd: "npm ci && npm run build -- --title='{{ title }}'",
            dir: "dist",
            allowed_branches: ["next", "main"],
            deploy_key_id: key.id,
        };
    }
    await client.updateSite({ site_id, body });
    await make("createEnvVars", {
        account_id,
        site_id,
        body: [
            everywhere("API_URL", `https://api${number}.example.com/?a=1&b={{ c }}`),
            everywhere("NODE_VERSION", "22"),
            everywhere("TEXT", "two\nlines: 'and' \"quotes\" # no comment"),
            {
                key: "API_KEY",
                is_secret: true,
                scopes: ["builds", "functions", "runtime"],
                values: [
                    { context: "production", value: `canary-${number}` },
                    { context: "deploy-preview", value: `canary-preview-${number}` },
                ],
            },
            {
                key: "FLAVOR",
                scopes: ["builds"],
                values: [
                    { context: "production", value: "sweet" },
                    { context: "branch", context_parameter: "feature/sour", value: "sour" },
                ],
            },
        ],
    });
    const snippet = { title: "Analytics", general: "<script>/* {{ theme }} */</script>", general_position: "head" };
    await make("createSiteSnippet", { site_id, body: snippet });
    await make("createSiteSnippet", { site_id, body: { title: "Thanks", goal: "<b>Thanks</b>", goal_position: "footer" } });
    await make("updateSiteMetadata", { site_id, body: { theme: "dark", "date: today": "2026-01-01", count: "007" } });
    await make("createSiteBuildHook", { site_id, body: { title: "CMS", branch: "main" } });
    await make("createSiteBuildHook", { site_id, body: { title: "Draft \u00fc", branch: "feature/sour" } });
    const data = { url: `https://hooks.example.com/canary-hook-${number}` };
    await make("createHookBySiteId", { site_id, body: { type: "url", event: "deploy_created", data } });
    await make("createHookBySiteId", {
        site_id,
        body: { type: "email", event: "deploy_failed", data: { email: "ops@example.com" } },
    });
    if (number % 5 === 0) {
        await client.disableSite({ site_id, reason: "maintenance" });
    }
}
for (const domain of ["example.org", "shop.example.net"]) {
    const zone_id = (await make("createDnsZone", { body: { name: domain, account_slug: account.slug } })).id;
    for (const record of [
        { type: "A", hostname: domain, value: "192.0.2.1", ttl: 3600 },
        { type: "A", hostname: `www.${domain}`, value: "192.0.2.2", ttl: 300 },
        { type: "CNAME", hostname: `blog.${domain}`, value: "vendor-site-1.netlify.app", ttl: 3600 },
        { type: "MX", hostname: domain, value: "mail.example.com", ttl: 3600, priority: 10 },
        { type: "TXT", hostname: domain, value: "v=spf1 include:mail.example.com ~all", ttl: 3600 },
        { type: "TXT", hostname: `_x.${domain}`, value: 'a; "quoted" {{ text }}', ttl: 3600 },
        { type: "CAA", hostname: domain, value: "letsencrypt.org", ttl: 3600, flag: 0, tag: "issue" },
        { type: "SRV", hostname: `_sip._tcp.${domain}`, value: "sip.example.com", ttl: 3600, priority: 1, weight: 2, port: 5060 },
    ]) {
        await make("createDnsRecord", { zone_id, body: record });
    }
}
console.log(JSON.stringify(made));
