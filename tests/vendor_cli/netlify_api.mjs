// Copyright (c) 2026, webops.paas contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Calls the operations of Netlify's API with Netlify's own client and checks what they return, then prints which were
// called: node netlify_api.mjs NAME_OF_A_NEW_SITE

import { strictEqual as equal, ok, rejects } from "node:assert";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { NetlifyAPI } from "@netlify/api";

const [name] = process.argv.slice(2);
const url = new URL(process.env.NETLIFY_API_URL);
const called = new Set();
const client = new Proxy(
    new NetlifyAPI(process.env.NETLIFY_AUTH_TOKEN, {
        scheme: url.protocol.slice(0, -1),
        host: url.host,
        pathPrefix: url.pathname,
    }),
    {
        get(target, operation) {
            called.add(operation);
            return target[operation];
        },
    },
);
const digest = (algorithm, text) => createHash(algorithm).update(text).digest("hex");
const ids = (rows) => rows.map((row) => row.id);

async function wait(deploy_id, state) {
    for (let turn = 0; turn < 200; turn += 1) {
        const deploy = await client.getDeploy({ deploy_id });
        if (deploy.state === state) {
            return deploy;
        }
        await new Promise((resume) => setTimeout(resume, 50));
    }
    throw new Error(`the deploy ${deploy_id} does not become ${state}`);
}

function submit(host, form) {
    return new Promise((resolve, reject) => {
        const sent = request(
            process.env.SANDBOX_URL,
            { method: "POST", headers: { Host: host, "Content-Type": "application/x-www-form-urlencoded" } },
            (response) => response.resume().on("end", resolve),
        );
        sent.on("error", reject).end(new URLSearchParams(form).toString());
    });
}

// The team and the site
const user = await client.getCurrentUser();
ok(user.id);
const [account] = await client.listAccountsForUser();
const account_id = account.id;
const site = await client.createSiteInTeam({ account_slug: account.slug, body: { name } });
const site_id = site.id;
equal(site.name, name);
const other = await client.createSite({ body: { name: `${name}-other` } });
ok(ids(await client.listSites({ name, filter: "all" })).includes(site_id));
ok(ids(await client.listSitesForAccount({ account_slug: account.slug })).includes(site_id));
equal((await client.updateSite({ site_id, body: { notification_email: "a@example.com" } })).id, site_id);
equal((await client.getSite({ site_id })).notification_email, "a@example.com");
await client.disableSite({ site_id, reason: "maintenance" });
equal((await client.getSite({ site_id })).disabled, true);
await client.enableSite({ site_id });

// Members, and what they did
const account_slug = account.slug;
await client.addMemberToAccount({ account_slug, body: { email: `${name}@example.com`, role: "Developer" } });
const members = await client.listMembersForAccount({ account_slug });
const member_id = members.find((member) => member.email === `${name}@example.com`).id;
await client.updateAccountMember({ account_slug, member_id, body: { role: "Billing Admin" } });
equal((await client.getAccountMember({ account_slug, member_id })).role, "Billing Admin");
await client.removeAccountMember({ account_slug, member_id });
ok(!ids(await client.listMembersForAccount({ account_slug })).includes(member_id));
ok(Array.isArray(await client.listAccountAuditEvents({ account_id })));

// A deploy: the second is made empty first, the third is canceled
const page = `<h1>${name}</h1><form name="contact" data-netlify="true"><input name="email"></form>`;
const archive = `the archive of a function of ${name}`;
const files = { "index.html": digest("sha1", page) };
const body = { files, functions: { hello: digest("sha256", archive) } };
const first = await client.createSiteDeploy({ site_id, title: "first", body });
const deploy_id = first.id;
equal(first.required[0], files["index.html"]);
await client.uploadDeployFile({ deploy_id, path: "index.html", body: page });
await client.uploadDeployFunction({ deploy_id, name: "hello", runtime: "js", body: archive });
equal((await wait(deploy_id, "ready")).title, "first");
const empty = await client.createSiteDeploy({ site_id, body: {} });
const second = await client.updateSiteDeploy({ site_id, deploy_id: empty.id, body: { files, draft: true } });
equal(second.required.length, 0);
await wait(second.id, "ready");
const third = await client.createSiteDeploy({ site_id, body: { files: { "a.txt": digest("sha1", "never sent") } } });
await client.cancelSiteDeploy({ deploy_id: third.id });
ok(ids(await client.listSiteDeploys({ site_id })).includes(deploy_id));
await client.restoreSiteDeploy({ site_id, deploy_id: second.id });
equal((await client.getSite({ site_id })).published_deploy.id, second.id);
equal((await client.lockDeploy({ deploy_id: second.id })).locked, true);
ok(!(await client.unlockDeploy({ deploy_id: second.id })).locked);
equal((await client.listSiteFiles({ site_id }))[0].sha, files["index.html"]);
equal((await client.getSiteFileByPathName({ site_id, file_path: "index.html" })).sha, files["index.html"]);
await client.deleteDeploy({ deploy_id });
const bundle = `edge functions of ${name}`;
const code_sha = digest("sha256", bundle);
const edge = await client.createSiteDeploy({ site_id, body: { files, edge_functions: { eszip2: code_sha } } });
equal(edge.required_edge_functions[0], code_sha);
await client.uploadDeployEdgeFunction({ deploy_id: edge.id, code_sha, body: bundle });
await wait(edge.id, "ready");
await client.purgeCache({ body: { site_id } });

// A split test
const split = { site_id, body: { branch_tests: { main: 50, next: 50 } } };
const split_test_id = (await client.createSplitTest(split)).id;
await client.enableSplitTest({ site_id, split_test_id });
await client.updateSplitTest({ ...split, split_test_id, body: { branch_tests: { main: 90, next: 10 } } });
equal((await client.getSplitTests({ site_id }))[0].active, true);
await client.disableSplitTest({ site_id, split_test_id });

// Forms
const [form] = await client.listSiteForms({ site_id });
await submit(`${name}.netlify.app`, { "form-name": "contact", email: "b@example.com" });
await submit(`${name}.netlify.app`, { "form-name": "contact", email: "c@example.com" });
const submissions = await client.listSiteSubmissions({ site_id });
equal(submissions.length, 2);
equal((await client.listFormSubmissions({ form_id: form.id })).length, 2);
const submission_id = submissions[0].id;
equal((await client.listFormSubmission({ submission_id })).id, submission_id);
await client.deleteSubmission({ submission_id });
await client.deleteSiteForm({ site_id, form_id: form.id });
equal((await client.listSiteForms({ site_id })).length, 0);

// Snippets and metadata; the first snippet has the id 0, which this client only takes as a text
const snippet = { title: "analytics", general: "<script></script>", general_position: "head" };
const snippet_id = String((await client.createSiteSnippet({ site_id, body: snippet })).id);
await client.updateSiteSnippet({ site_id, snippet_id, body: { ...snippet, id: Number(snippet_id), goal: "<b></b>" } });
equal((await client.listSiteSnippets({ site_id }))[0].goal, "<b></b>");
await client.deleteSiteSnippet({ site_id, snippet_id });
await client.updateSiteMetadata({ site_id, body: { theme: "dark" } });
equal((await client.getSiteMetadata({ site_id })).theme, "dark");

// Environment variables
const variable = { key: "COLOR", values: [{ context: "all", value: "red" }] };
await client.createEnvVars({ account_id, site_id, body: [variable] });
await client.updateEnvVar({
    account_id,
    site_id,
    key: "COLOR",
    body: { key: "COLOR", values: [{ context: "production", value: "blue" }] },
});
const [{ values }] = await client.getEnvVars({ account_id, site_id });
equal(`${values[0].context} ${values[0].value}`, "production blue");
await client.deleteEnvVar({ account_id, site_id, key: "COLOR" });

// Builds, build hooks, deploy keys
const key = await client.createDeployKey();
ok(ids(await client.listDeployKeys()).includes(key.id));
equal((await client.getDeployKey({ key_id: key.id })).public_key, key.public_key);
const repo = { provider: "github", repo_path: "example/shop", repo_branch: "main", allowed_branches: ["main"] };
await client.updateSite({ site_id, body: { repo: { ...repo, branch: "main", deploy_key_id: key.id } } });
const build = await client.createSiteBuild({ site_id, clear_cache: "true" });
ok(ids(await client.listSiteBuilds({ site_id })).includes(build.id));
const build_hook = await client.createSiteBuildHook({ site_id, body: { title: "cms", branch: "main" } });
const id = build_hook.id;
await client.updateSiteBuildHook({ site_id, id, body: { title: "editors", branch: "main" } });
equal((await client.getSiteBuildHook({ site_id, id })).title, "editors");
ok(ids(await client.listSiteBuildHooks({ site_id })).includes(id));
await client.deleteSiteBuildHook({ site_id, id });

// Notifications
ok((await client.listHookTypes()).some((type) => type.name === "url"));
const sent = { type: "url", event: "deploy_created", data: { url: "https://hooks.example.com/in" } };
const hook_id = (await client.createHookBySiteId({ site_id, body: sent })).id;
await client.updateHook({ hook_id, body: { ...sent, event: "deploy_failed" } });
equal((await client.listHooksBySiteId({ site_id }))[0].event, "deploy_failed");
await client.enableHook({ hook_id });
await client.deleteHook({ hook_id });

// DNS and the certificate
const domain = `${name}.example.org`;
const zone_id = (await client.createDnsZone({ body: { name: domain, account_slug: account.slug } })).id;
ok(ids(await client.getDnsZones({ account_slug: account.slug })).includes(zone_id));
equal((await client.getDnsZone({ zone_id })).name, domain);
const record = { type: "A", hostname: `www.${domain}`, value: "192.0.2.1", ttl: 3600 };
const dns_record_id = (await client.createDnsRecord({ zone_id, body: record })).id;
ok(ids(await client.getDnsRecords({ zone_id })).includes(dns_record_id));
await client.deleteDnsRecord({ zone_id, dns_record_id });
await client.updateSite({ site_id, body: { custom_domain: `www.${domain}` } });
const making = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out own.pem";
execFileSync("openssl", [...making.split(" "), "-days", "30", "-subj", `/CN=www.${domain}`], { stdio: "ignore" });
const certificate = readFileSync("own.pem", "utf8");
const own = { certificate, key: readFileSync("key.pem", "utf8"), ca_certificates: certificate };
await client.provisionSiteTLSCertificate({ site_id, ...own });
equal((await client.showSiteTLSCertificate({ site_id })).state, "custom");
await client.deleteDnsZone({ zone_id });

// The end: a site that is unlinked loses its deploy key
await client.unlinkSiteRepo({ site_id });
ok(!(await client.getSite({ site_id })).build_settings?.repo_url);
await rejects(client.getDeployKey({ key_id: key.id }), { status: 404 });
await client.deleteDeployKey({ key_id: (await client.createDeployKey()).id });
await client.deleteSite({ site_id });
await client.deleteSite({ site_id: other.id });
await rejects(client.getSite({ site_id }), { status: 404 });

console.log(JSON.stringify([...called]));
