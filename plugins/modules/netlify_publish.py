#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_publish
version_added: 0.1.0
short_description: Publish, roll back or lock a deploy of a Netlify site
description:
  - Publishes an existing deploy, such as a previous release (rollback) or a draft (promotion), without uploading files.
  - Locks the live deploy, so that Netlify does not publish later production deploys automatically, or unlocks it.
  - A converged run sends one request. It sends two if O(instead_of) is no longer live and O(locked) differs from the
    lock of the live deploy.
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
  idempotent:
    support: full
author:
  - webops.paas contributors (@webops-paas)
options:
  site:
    description:
      - Name, ID or domain of the site. The task fails if the site does not exist.
    type: str
    required: true
    aliases: [name, site_id, domain]
  deploy_id:
    description:
      - ID of the deploy to publish. It must be a ready deploy of the site.
    type: str
  previous:
    description:
      - Whether to publish the release before O(instead_of). A newer release that was rolled back is not considered.
      - Requires O(instead_of).
    type: bool
  instead_of:
    description:
      - ID of the deploy that must be live. If another deploy is live, the task changes nothing, including the lock.
      - This makes O(previous) idempotent, and protects a newer release that somebody else published.
    type: str
  locked:
    description:
      - Whether the live deploy should be locked.
    type: bool
seealso:
  - module: webops.paas.netlify_deploy
  - module: webops.paas.netlify_deploy_info
  - ref: ansible_collections.webops.paas.docsite.netlify_guide
    description: Recipes for Netlify, including rollback and promotion.
"""

EXAMPLES = r"""
# ansible localhost -m webops.paas.netlify_publish -a 'site=webops-paas-shop locked=false'

- name: Get the releases, the newest first
  webops.paas.netlify_deploy_info:
    site: webops-paas-shop
    state: ready
    production: true
  register: releases

- name: Publish the newest release and lock it
  webops.paas.netlify_publish:
    site: webops-paas-shop
    deploy_id: "{{ releases.deploys[0].id }}"
    locked: true

- name: Unlock the live release
  webops.paas.netlify_publish:
    site: webops-paas-shop
    locked: false

- name: Preview the rollback
  webops.paas.netlify_publish:
    site: webops-paas-shop
    previous: true
    instead_of: "{{ releases.deploys[0].id }}"
  check_mode: true
  diff: true
  register: preview
  when: releases.deploys | length > 1

- name: Roll back to the previous release if the newest one is still live
  webops.paas.netlify_publish:
    site: webops-paas-shop
    previous: true
    instead_of: "{{ releases.deploys[0].id }}"
  when: releases.deploys | length > 1
"""

RETURN = r"""
deploy:
  description:
    - The live deploy after the task, or the predicted one in check mode.
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
    - ID of the deploy that was live before the task. V(null) if no deploy was live.
  returned: success
  type: str
  sample: 52465f435803544542000000
unknown_until_applied:
  description:
    - Keys of the result whose values only Netlify can provide. They are V(null) in check mode.
  returned: in check mode, if something would change
  type: list
  elements: str
  sample: [updated_at]
error:
  description:
    - Machine-readable details of the failure.
    - R(Error codes,ansible_collections.webops.paas.docsite.error_codes) lists the values of C(error.code).
  returned: failure
  type: dict
  sample:
    platform: netlify
    operation: restoreSiteDeploy
    method: POST
    path: /api/v1/sites/3970e0fe-8564-4903-9a55-c5f8de49fb8b/deploys/52465f435803544542000001/restore
    status: 404
    code: not_found
    platform_code: 404
    request_id: 01JD2M0Z6ZK3Y8Q4V7W9X1B5C3
"""

from ..module_utils._kernel.module import BOOL, WAIT_OPTIONS, JsonObject, Module, Operation, PaasError
from ..module_utils._core.checks import check_alone
from ..module_utils._kernel.plan import UNKNOWN, Change, Diff, Plan, Prediction
from ..module_utils._netlify import api, deploys


class Publish(Operation[deploys.DeploysClient]):
    """Changes the site: the deploy that it publishes, and the lock of that deploy."""

    def check_input(self) -> None:
        check_alone(self.params, "previous", ["deploy_id"])

    def plan(self) -> Plan:
        site, locked = self.client.require_site(self.params["site"]), self.params["locked"]
        live, chosen = site.get("published_deploy"), deploys.chosen_release(self.client, site, self.params)
        is_locked = bool((live or {}).get("locked"))
        if chosen is live and locked in (None, is_locked) or chosen is None and live is not None:
            return Plan([Change.keep(site["id"], live)])
        if chosen is None:
            raise PaasError(f"The site {site['name']} has no live deploy to lock.", code="nothing_live")
        after = chosen if locked is None else {**chosen, "locked": locked}
        return Plan([Change.update(site["id"], live, after)])

    def plan_without_parent(self) -> Plan:
        """For a deploy or a site that does not exist yet."""
        deploy_id, guard, locked = (self.params[name] for name in ("deploy_id", "instead_of", "locked"))
        site = None if self.params["site"] is UNKNOWN else self.client.find_site(self.params["site"])
        live, deploy = site and site.get("published_deploy"), {"id": UNKNOWN, "locked": bool(locked)}
        if site is None:
            for given in (deploy_id, guard):
                if given not in (None, UNKNOWN):
                    message = f"The site does not exist yet, so it cannot have the deploy {given}."
                    raise api.not_found(message, "getDeploy", sought=given)
        elif guard not in (None, UNKNOWN, live and live["id"]):
            return Plan([Change.keep(site["id"], live)])
        if deploy_id is None and not self.params["previous"]:
            return Plan([Change("update" if locked else "keep", UNKNOWN, {**deploy, "locked": False}, deploy)])
        return Plan([Change.update(UNKNOWN, deploy if guard is UNKNOWN or site is None else live, deploy)])

    def predict(self, plan: Plan) -> Prediction:
        [change] = plan.changes
        if change.key is UNKNOWN:
            return Prediction(
                {
                    "deploy": {**dict.fromkeys(deploys.deploy_view({}), UNKNOWN), "error_message": None},
                    "previous_deploy_id": change.before and change.before["id"],
                }
            )
        live, deploy = change.before, change.after and deploys.deploy_view(change.after)
        moving = ["updated_at"] if change.is_write else []
        if change.is_write and self.params["locked"] is None:
            moving = ["locked", *moving]
        if _is_moved(change):
            moving = ["published_at", *moving]
        result = {"deploy": deploy and {**deploy, **dict.fromkeys(moving)}, "previous_deploy_id": live and live["id"]}
        return Prediction(result, sorted(moving))

    def diff(self, plan: Plan) -> Diff:
        [change] = plan.changes
        # Of two deploys that are not known yet, the diff has the second.
        before = None if change.before is change.after else change.before
        return Diff(self._side(before), self._side(change.after))

    def _side(self, deploy: JsonObject | None) -> JsonObject:
        lock = {} if self.params["locked"] is None else {"locked": bool(deploy and deploy.get("locked"))}
        return {"live": deploy and deploy["id"], **lock}

    def apply(self, plan: Plan) -> JsonObject:
        [change] = plan.writes
        return self.client.restore_deploy(change.key, change.after["id"]) if _is_moved(change) else change.before

    def settle(self, plan: Plan, outcome: JsonObject) -> JsonObject:
        [change] = plan.writes
        if self.params["wait"] and _is_moved(change):
            outcome = deploys.wait_until_live(self.client, change.key, change.after["id"], self.patience)
        if self.params["locked"] not in (None, bool(outcome.get("locked"))):
            outcome = (self.client.lock_deploy if self.params["locked"] else self.client.unlock_deploy)(
                change.after["id"]
            )
        return {**self.predict(plan).result, "deploy": deploys.deploy_view(outcome)}


def _is_moved(change: Change) -> bool:
    """Whether another deploy is published."""
    return change.is_write and (change.before is None or change.before["id"] != change.after["id"])


MODULE = Module(
    Publish,
    options=dict(
        site=api.NAMED_SITE,
        deploy_id=dict(api.ID, parent=True),
        previous=BOOL,
        instead_of=dict(api.ID, parent=True),
        locked=BOOL,
        **WAIT_OPTIONS,
    ),
    required_one_of=[("deploy_id", "previous", "locked")],
    required_if=[("previous", True, ["instead_of"])],
)


if __name__ == "__main__":
    MODULE.run()
