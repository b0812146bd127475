#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_deploy
version_added: 0.1.0
short_description: Deploy a directory or a zip file to a Netlify site
description:
  - Compares the files in O(src) with the files on Netlify, and creates a deploy only if they differ. Deploying
    unchanged files does nothing. Netlify allows 3 deploys per minute and 100 per day.
  - A production deploy is compared with the published deploy, a branch deploy with the newest ready deploy of the
    branch, and a draft with the newest ready draft of the same title. The module looks for branch deploys and drafts
    among the last 500 deploys.
  - Only files whose content Netlify does not have yet are uploaded, several at the same time.
  - Visitors see the old release until the new one is complete. If a run is interrupted, the next run completes the
    unfinished deploy.
  - If Netlify refuses the upload of a file, the module reads the file and the deploy again. If the file has changed, or
    Netlify still refuses it, the task fails, and the module cancels the deploy if this run created it.
  - The module skips the same files as Netlify's own tools. These are names that begin with a dot (except a directory
    C(.well-known)) or with C(__MACOSX), and C(node_modules) and C(bower_components) at the top level. Use O(include) to
    deploy such files.
  - Symbolic links are followed inside O(src). The task fails for a link that leads out of it, and for paths with C(#)
    or C(?), which Netlify refuses.
  - The vendor's command line client adds a C(netlify.toml) to its deploys. The module ignores this file on Netlify if
    it does not exist in O(src).
  - The module does not build the website, bundle functions or compile edge functions. It deploys what C(netlify build)
    has built; see O(project_dir) and O(functions_dir).
  - Netlify returns the digests and schedules of functions, so changes of these are found. It does not return other
    settings of functions and the variables of O(environment). Without O(title), the module adds a digest of these to
    the title of the deploy and compares it later. With O(title), a change of such a setting alone is not found; use
    O(force=true). Values of O(environment) are never part of the digest.
  - A converged run sends two requests, or at least three with O(branch) or O(draft=true).
extends_documentation_fragment:
  - webops.paas.netlify
  - webops.paas.connection
  - webops.paas.wait
  - webops.paas.attributes
  - webops.paas.attributes.actiongroup_netlify
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Lists files by path and SHA-1, at most 50 of each kind, and the number of all files.
  idempotent:
    support: partial
    details:
      - With O(force=true), every run deploys.
      - With O(title), changes of settings of functions other than schedules, and of O(environment), are not found. A
        new value in O(environment) is never found.
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - Name, ID or domain of the site.
    type: str
    required: true
    aliases: [name, site_id, domain]
  src:
    description:
      - Path of a directory or a zip file with the files to deploy, exactly as they should be served.
      - A relative path starts at the working directory of the process that runs the module. On C(localhost) this is the
        directory of the playbook, wherever C(ansible-playbook) was started.
      - If all files of a zip file are in one top-level directory, this directory is part of their paths.
    type: path
    required: true
  include:
    description:
      - Patterns of files to deploy although they are skipped by default. The option does not exclude other files.
      - V(*) matches any characters within a name, V(**) any number of directories. A pattern without a slash matches at
        any depth.
    type: list
    elements: str
    default: []
  exclude:
    description:
      - Patterns of files that are not deployed. They take precedence over O(include).
    type: list
    elements: str
    default: []
  functions_dir:
    description:
      - Path of a directory with the functions to deploy. C(NAME.zip) is used unchanged. C(NAME.js) (or C(.mjs),
        C(.cjs)) and a directory C(NAME/) with an entry file are zipped, with the same result in each run and on each
        machine.
      - If the directory has a C(manifest.json) of C(netlify build), as C(.netlify/functions) of a project has, the
        module deploys exactly the functions that it lists, with their settings (schedule, background, timeout, region,
        routes and others). Netlify's own client ignores a manifest that is older than 2 minutes and bundles the
        functions again; the module always uses it.
      - A function whose name ends with C(-background) is a background function.
      - If it is not set, the functions of the compared deploy are kept, with their schedules and regions. Netlify does
        not return other settings, so these are lost. An empty string removes the functions.
    type: path
  functions_config:
    description:
      - Settings of functions in O(functions_dir). They take precedence over those of a C(manifest.json).
      - C(netlify build) applies the C([functions]) sections of C(netlify.toml) when it writes a C(manifest.json). Of
        these sections, the module reads only schedules, and only with O(project_dir), without this option, and for an
        O(functions_dir) without a C(manifest.json). This is what the vendor's client does without a build. It requires
        Python 3.11 or later.
    type: list
    elements: dict
    version_added: 1.1.0
    suboptions:
      name:
        description:
          - Name of the function.
        type: str
        required: true
      schedule:
        description:
          - Cron expression in UTC with 5 fields, or a word such as V(@daily), at which the function runs. An empty
            string removes the schedule of the build.
        type: str
      background:
        description:
          - Whether the function runs in the background, so that its caller does not wait for it.
          - This setting and O(functions_config[].timeout) are sent with the content of the function. Whether Netlify
            applies a change of these to content that it already has is not documented.
        type: bool
      timeout:
        description:
          - Maximum run time in seconds.
        type: int
      region:
        description:
          - Region in which the function runs, as an airport code such as V(fra).
        type: str
      memory:
        description:
          - Memory in MB, from 1024 to 4096. Mutually exclusive with O(functions_config[].vcpu).
        type: int
      vcpu:
        description:
          - Number of virtual CPUs, from 0.5 to 2.
        type: float
      display_name:
        description:
          - Name of the function in Netlify's user interface.
        type: str
      generator:
        description:
          - Name and version of the tool that generated the function, such as V(my-framework@1.2.3).
        type: str
      build_data:
        description:
          - Data that Netlify's tools store with a function, unchanged.
        type: dict
  project_dir:
    description:
      - Path of the directory of a project in which C(netlify build) was run. Its output is deployed in addition to
        O(src), as C(netlify deploy --no-build) does.
      - These are the edge functions in C(.netlify/edge-functions-dist) with their manifest, the files in
        C(.netlify/deploy-config) and C(.netlify/internal/db/migrations), C(netlify.toml), and, unless O(functions_dir)
        is set, the functions in C(.netlify/functions).
      - B(Preview:) C(netlify.toml) is deployed unchanged, unless O(src) has such a file. The vendor's client deploys a
        generated file with the same sections instead. That Netlify also reads redirects and headers of a file as users
        write it is not documented.
      - Unlike the vendor's client, the module does not merge the settings of deploy contexts and build plugins into
        C(netlify.toml).
      - The task fails before the first request if the project has functions or edge functions that are not built, or
        has blobs or a server, which only the vendor's client can upload.
    type: path
    version_added: 1.1.0
  environment:
    description:
      - Environment variables for the functions of this deploy only. They take precedence over those of the site and the
        team.
      - Netlify does not change the variables of an existing deploy, and does not return them. Without O(title), a new
        or removed variable leads to a new deploy. A new value does not; use O(force=true).
    type: list
    elements: dict
    version_added: 1.1.0
    suboptions:
      key:
        description:
          - Name of the variable.
        type: str
        required: true
      value:
        description:
          - Value of the variable. A value that is not text is sent as JSON.
        type: raw
        required: true
      is_secret:
        description:
          - Whether Netlify must treat the value as a secret.
        type: bool
        default: false
  branch:
    description:
      - Name of the branch to deploy to instead of production, at most 37 characters. The deploy is served at
        C(BRANCH--NAME.netlify.app).
      - Mutually exclusive with O(draft=true).
    type: str
  draft:
    description:
      - Whether to create a draft, which is served only at its own URL. M(webops.paas.netlify_publish) can publish it
        later.
    type: bool
    default: false
  title:
    description:
      - Title of the deploy in Netlify's lists. It is sent unchanged and does not have to be unique.
      - If it is not set, the title contains a digest of the content.
      - A run continues an unfinished deploy only if the deploy has this title and Netlify lists exactly the files of
        O(src) for it. It leaves other deploys of the same title alone, so several jobs can use one title. Netlify does
        not list the functions of an unfinished deploy. A deploy with functions is therefore continued only without
        O(title).
    type: str
  force:
    description:
      - Whether to deploy even if nothing differs.
    type: bool
    default: false
  concurrency:
    description:
      - Number of files to upload at the same time, from 1 to 64, or V(auto).
      - With V(auto), the module starts with 8 and uploads more at the same time while that makes the whole upload
        faster, up to 64. It uploads fewer at the same time after a rate limit, an error of the server or a lost
        connection, and when responses become slower.
      - With both, the module pauses when the platform's response headers say that no requests are left.
      - Each upload at the same time has its own connection. The limit applies to one task. With tasks for several hosts
        at the same time, the maximum is this number multiplied by C(forks).
    type: str
    default: auto
seealso:
  - ref: ansible_collections.webops.paas.docsite.netlify_guide
    description: Recipes for Netlify, among them releases, previews and rollbacks.
  - module: webops.paas.netlify_site
  - module: webops.paas.netlify_publish
  - module: webops.paas.netlify_deploy_info
  - module: webops.paas.netlify_file
"""

EXAMPLES = r"""
# Deploy a directory from the command line:
# ansible localhost -m webops.paas.netlify_deploy -a "site=webops-paas-shop src=/srv/shop/public"

- name: Create the site
  webops.paas.netlify_site:
    name: webops-paas-shop

- name: Create the directory of the files to deploy
  ansible.builtin.file:
    path: public
    state: directory
    mode: "0755"

- name: Write the home page
  ansible.builtin.copy:
    dest: public/index.html
    content: <h1>Open</h1>
    mode: "0644"

- name: Show which files a deploy would change
  webops.paas.netlify_deploy:
    site: webops-paas-shop
    src: public
  check_mode: true
  diff: true
  register: prediction

- name: Deploy the files
  webops.paas.netlify_deploy:
    site: webops-paas-shop
    src: public
    title: Release 1

- name: Deploy a preview without changing the live site
  webops.paas.netlify_deploy:
    site: webops-paas-shop
    src: public
    draft: true
  register: preview

- name: Show the URL of the preview
  ansible.builtin.debug:
    var: preview.deploy.deploy_ssl_url

- name: Create the directory of the functions
  ansible.builtin.file:
    path: functions
    state: directory
    mode: "0755"

- name: Write a function
  ansible.builtin.copy:
    dest: functions/report.js
    content: |
      exports.handler = async () => ({ statusCode: 200, body: process.env.GREETING });
    mode: "0644"

- name: Create a site for reports
  webops.paas.netlify_site:
    name: webops-paas-reports

- name: Deploy the files and a function that runs every Monday
  webops.paas.netlify_deploy:
    site: webops-paas-reports
    src: public
    functions_dir: functions
    functions_config:
      - name: report
        schedule: 0 5 * * 1
        region: fra
    environment:
      - key: GREETING
        value: Good morning

- name: Write the settings of the project
  ansible.builtin.copy:
    dest: netlify.toml
    content: |
      [[redirects]]
      from = "/old"
      to = "/"
    mode: "0644"

- name: Deploy a preview of the files, and of what netlify build has written for the project
  webops.paas.netlify_deploy:
    site: webops-paas-shop
    src: public
    project_dir: .
    draft: true
"""

RETURN = r"""
deploy:
  description:
    - The deploy with the content of O(src) after the task, or the predicted one in check mode.
  returned: success
  type: dict
  sample:
    id: 52465f435803544542000001
    site_id: 3970e0fe-8564-4903-9a55-c5f8de49fb8b
    state: ready
    title: Release 1
    branch: main
    context: production
    draft: false
    locked: false
    error_message:
    url: http://webops-paas-shop.netlify.app
    ssl_url: https://webops-paas-shop.netlify.app
    deploy_url: http://52465f435803544542000001--webops-paas-shop.netlify.app
    deploy_ssl_url: https://52465f435803544542000001--webops-paas-shop.netlify.app
    admin_url: https://app.netlify.com/projects/webops-paas-shop
    created_at: "2026-11-20T08:15:30.000Z"
    updated_at: "2026-11-20T08:15:41.000Z"
    published_at: "2026-11-20T08:15:41.000Z"
    commit_ref:
    deploy_source: api
    functions: []
previous_deploy_id:
  description:
    - ID of the compared deploy; V(null) if there was none. For a production deploy, this is the deploy that was live
      before.
  returned: success
  type: str
  sample: 52465f435803544542000000
files:
  description:
    - Files that differ from the compared deploy. At most 50 files of each kind are listed; C(omitted) is the number of
      the others.
  returned: success
  type: dict
  sample:
    counts:
      added: 1
      changed: 1
      removed: 0
      unchanged: 216
    added: [prices.html]
    changed: [index.html]
    removed: []
    omitted: 0
uploaded:
  description:
    - Number of files and functions that were uploaded, and their total size in bytes. Content that Netlify already has
      is not uploaded.
  returned: success
  type: dict
  sample:
    files: 4
    bytes: 18231
unknown_until_applied:
  description:
    - Keys of the result whose values only Netlify can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [id, state]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: createSiteDeploy
    method: POST
    path: /api/v1/sites/3970e0fe-8564-4903-9a55-c5f8de49fb8b/deploys
    status: 422
    code: invalid
    platform_code: 422
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""


from ..module_utils._kernel.module import FLAG, STR, WAIT_OPTIONS, InvalidInput, JsonObject, Module, Operation
from ..module_utils._core import variables
from ..module_utils._core.adaptive import AUTO, check_concurrency, concurrency_of
from ..module_utils._core.files import temporary_directory
from ..module_utils._kernel.plan import Change, Diff, Plan, Prediction, cached_property
from ..module_utils._netlify import api, deploys, env, function_settings, functions, manifest, prebuilt, uploads
from ..module_utils._netlify.targets import Target, content_title


class Deploy(Operation[deploys.DeploysClient]):
    """The plan has one object, the upload: created if anything must be sent, otherwise kept."""

    @cached_property
    def project(self) -> prebuilt.Project:
        return prebuilt.read_project(self.params["project_dir"])

    @cached_property
    def manifest(self) -> manifest.Manifest:
        params = self.params
        found = self.opened.enter_context(manifest.build_manifest(params["src"], params["include"], params["exclude"]))
        return self.project.with_files_of(found)

    @cached_property
    def functions(self) -> functions.Functions | None:
        """None keeps those of the compared deploy."""
        directory, option = self.params["functions_dir"], "functions_dir"
        if directory is None:
            directory, option = self.project.functions_dir, "project_dir"
        declared = function_settings.declared_settings(self.params["functions_config"] or [])
        if declared and not directory:
            raise InvalidInput("functions_config", "`functions_config` requires functions in `functions_dir`.")
        if not directory:
            return None if directory is None else {}
        workdir = self.opened.enter_context(temporary_directory())
        schedules = None if declared else self.project.schedules
        return functions.build_functions(directory, workdir, declared, schedules, option)

    @cached_property
    def extras(self) -> uploads.Extras:
        environment = env.of_deploy(self.params["environment"], self.warn)
        is_declared = self.functions is not None or environment is not None
        settings = {name: bundle.settings for name, bundle in (self.functions or {}).items()}
        return uploads.Extras(
            self.project.edge_functions,
            environment or [],
            function_settings.mark_of(settings, environment or []) if is_declared else None,
        )

    @cached_property
    def target(self) -> Target:
        title = content_title(self.manifest, self.functions, self.extras.mark)
        return Target(self.params["title"], self.params["branch"], self.params["draft"], title)

    def check_input(self) -> None:
        if self.params["branch"] and self.params["draft"]:
            raise InvalidInput("draft", "`branch` and `draft` are mutually exclusive.")
        # Reads src, functions_dir and project_dir.
        _target = self.target
        self.client.http.redactor.add_quoted(
            *variables.secrets(variable["value"] for variable in self.extras.environment)
        )

    def plan(self) -> Plan:
        return self._plan(self.client.require_site(self.params["site"]))

    def plan_without_parent(self) -> Plan:
        return self._plan(None)

    def _plan(self, site: JsonObject | None) -> Plan:
        compared = self.target.compared(self.client, site)
        difference = uploads.Difference(self.client, compared, self.manifest, self.functions, mark=self.extras.mark)
        upload = uploads.Upload(self.client, site, self.target, self.manifest, self.functions, difference, self.extras)
        if compared and not difference and not self.params["force"]:
            return Plan([Change.keep("deploy", upload)])
        begun, is_to_send = upload.to_join(restart=self.params["force"])
        return Plan([(Change.create if is_to_send else Change.keep)("deploy", upload)], join=begun)

    def predict(self, plan: Plan) -> Prediction:
        upload = plan.after["deploy"]
        return Prediction(*upload.predicted(plan.join, plan.changed))

    def diff(self, plan: Plan) -> Diff:
        return Diff(*plan.after["deploy"].difference.sides())

    def apply(self, plan: Plan) -> JsonObject:
        upload = plan.after["deploy"]
        deploy: JsonObject = upload.open(plan.join)
        upload.fill(deploy, concurrency_of(self.params["concurrency"]), self.patience)
        return deploy

    def settle(self, plan: Plan, outcome: JsonObject) -> JsonObject:
        upload, result = plan.after["deploy"], self.predict(plan).result
        result["deploy"] = upload.finished(outcome, self.params["wait"], self.warn, self.patience)
        return {**result, "uploaded": upload.sent}


MODULE = Module(
    Deploy,
    options=dict(
        site=api.NAMED_SITE,
        src=dict(type="path", required=True),
        include=dict(type="list", elements="str", default=[]),
        exclude=dict(type="list", elements="str", default=[]),
        functions_dir=dict(type="path"),
        functions_config=function_settings.OPTION,
        project_dir=dict(type="path"),
        environment=dict(type="list", elements="dict", no_log=True, mask=env.masked, options=env.DEPLOY_OPTIONS),
        branch=dict(type="str", check=deploys.check_branch),
        draft=FLAG,
        title=STR,
        force=FLAG,
        concurrency=dict(type="str", default=AUTO, check=check_concurrency),
        **WAIT_OPTIONS,
    ),
)


if __name__ == "__main__":
    MODULE.run()
