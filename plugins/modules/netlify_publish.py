#!/usr/bin/python
# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netlify_publish
version_added: 0.1.0
short_description: Publish a deploy of a Netlify site (rollback, promotion) and lock it
description:
  - Makes a deploy the live one, a former release (rollback) or a draft (promotion), without uploading anything.
  - Locks the live deploy, so that later production deploys are not published by themselves, or unlocks it.
  - A run that changes nothing sends one read (one more where O(instead_of) and O(locked) have to be weighed).
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
      - The site, by name, id or one of its domains.
    type: str
    required: true
    aliases: [name, site_id, domain]
  deploy_id:
    description:
      - The deploy that shall be live. It must be a ready deploy of the site.
    type: str
  previous:
    description:
      - Puts the release back that came before O(instead_of). A newer release that was taken back already is never
        meant.
    type: bool
  instead_of:
    description:
      - Acts only while this deploy is the live one, on the lock too. It is what makes O(previous) safe to run twice,
        and keeps it from taking back, or locking, a newer release of somebody else.
    type: str
  locked:
    description:
      - Whether the live deploy is locked.
    type: bool
seealso:
  - module: webops.paas.netlify_deploy
  - module: webops.paas.netlify_deploy_info
"""

EXAMPLES = r"""
- name: What is live, and what was before
  webops.paas.netlify_deploy_info:
    site: webops-paas-shop
    state: ready
    production: true
  register: releases

- name: The newest release is live, and stays so
  webops.paas.netlify_publish:
    site: webops-paas-shop
    deploy_id: "{{ releases.deploys[0].id }}"
    locked: true

- name: It may be replaced again
  webops.paas.netlify_publish:
    site: webops-paas-shop
    locked: false

- name: Roll the newest release back, if it still is live
  webops.paas.netlify_publish:
    site: webops-paas-shop
    previous: true
    instead_of: "{{ releases.deploys[0].id }}"
  when: releases.deploys | length > 1
"""

RETURN = r"""
deploy:
  description:
    - The deploy that is live after the task, or will be (check mode).
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
    - The deploy that was live before the task; V(null) when none was.
  returned: success
  type: str
  sample: 52465f435803544542000000
unknown_until_applied:
  description:
    - Keys of the result that only Netlify can fill in; they are V(null) in a prediction.
  returned: in check mode, when something would change
  type: list
  elements: str
  sample: [updated_at]
error:
  description:
    - What failed, for machines.
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

from ..module_utils._kernel.module import BOOL, WAIT_OPTIONS, InvalidInput, JsonObject, Module, Operation, PaasError
from ..module_utils._kernel.plan import UNKNOWN, Change, Diff, Plan, Prediction
from ..module_utils._netlify import api, deploys


class Publish(Operation[deploys.DeploysClient]):
    """What changes is the site: the deploy that it publishes, and whether that is locked."""

    def check_input(self) -> None:
        if self.params["previous"] and self.params["deploy_id"]:
            raise InvalidInput("previous", "previous and deploy_id name two releases; give one of them.")

    def plan(self) -> Plan:
        site, locked = self.client.require_site(self.params["site"]), self.params["locked"]
        live, chosen = site.get("published_deploy"), deploys.chosen_release(self.client, site, self.params)
        is_locked = bool((live or {}).get("locked"))
        if chosen is live and locked in (None, is_locked) or chosen is None and live is not None:
            return Plan([Change.keep(site["id"], live)])
        if chosen is None:
            raise PaasError(f"The site {site['name']} has no live deploy that could be locked.", code="nothing_live")
        after = chosen if locked is None else {**chosen, "locked": locked}
        return Plan([Change.update(site["id"], live, after)])

    def plan_without_parent(self) -> Plan:
        """A deploy that is not made yet is published, or locked."""
        deploy_id, guard, locked = (self.params[name] for name in ("deploy_id", "instead_of", "locked"))
        site = None if self.params["site"] is UNKNOWN else self.client.find_site(self.params["site"])
        live, deploy = site and site.get("published_deploy"), {"id": UNKNOWN, "locked": bool(locked)}
        if site is None:
            for given in (deploy_id, guard):
                if given not in (None, UNKNOWN):
                    raise api.not_found(f"A site that does not exist yet cannot have the deploy {given}.", "getDeploy")
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
        return Diff(self._side(change.before), self._side(change.after)) if plan.changed else Diff({}, {})

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
