# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What browsers and checks see: published sites under their slug, and the gateway and upload of IPFS over HTTP.

The headers X-Ipfs-Path and X-Ipfs-Roots identify the served contents, as on gateways of IPFS.
"""

from __future__ import annotations

import html
import inspect
import json
import urllib.parse
from collections.abc import Iterable
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.responses import Response

from ..core.call import Call, json_response, phrase, text_response
from ..core.faults import reset_headers
from ..core.mime import content_type
from ..core.platform import Surface
from ..core.routes import Route, RouteTable
from .ipfs import BadCid, Node, walk
from .progress import settle
from .resolvers import cid_of
from .state import State
from .upload import BadArchive, add_archive, archive

SITES = (".on.fleek.co", ".fleek.localhost")
GATEWAYS = ("ipfs.fleek.co", "ipfs.io")
UPLOADS = "ipfsapi.fleek.co"
READS = ("GET", "HEAD")
FOREVER = "public, max-age=29030400, immutable"
LISTING = (
    '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{path}</title></head>\n'
    "<body><h1>Index of {path}</h1>\n<ul>\n{rows}\n</ul></body>\n</html>\n"
)


class TextSurface(Surface):
    """Returns errors as plain text."""

    def __init__(self, platform: Any) -> None:
        self._platform = platform

    @property
    def _state(self) -> State:
        state: State = self._platform.state_now
        return state

    def failure(self, call: Call, status: int) -> Response:
        return text_response(f"{phrase(status)}\n", status)

    def throttled(self, call: Call, reset: str, seconds: float) -> Response:
        response = self.failure(call, 429)
        response.headers.update(reset_headers(reset, call.now, seconds))
        return response


class SiteSurface(TextSurface):
    """A site's published deploy at SLUG.on.fleek.co, and at SLUG.fleek.localhost for browsers on this machine."""

    label = "fleek-site"
    unlisted = ("servePage",)

    def claims(self, call: Call) -> bool:
        return call.host.endswith(SITES)

    def resolve(self, call: Call) -> Route | None:
        call.operation = "servePage"
        return None

    async def answer(self, call: Call, route: Route | None, content: bytes) -> Response:
        settle(self._state, call.now)
        slug = next(call.host[: -len(suffix)] for suffix in SITES if call.host.endswith(suffix))
        site = self._state.by_slug(slug)
        if site is None or site.cached is None or site.cached.content is None:
            return self.failure(call, 404)
        if call.method not in READS:
            return self.failure(call, 405)
        cid = cid_of(self._state, site.cached, site.cached.content)
        response = serve(call, cid, site.cached.content, call.raw_path)
        response.headers["cache-control"] = "public, max-age=0, must-revalidate"
        return response


class IpfsSurface(TextSurface):
    """/ipfs/CID/... under a loopback name and those of two gateways; /api/v0/add under a loopback name;
    /api/fleek/upload under a loopback name and Fleek's own."""

    label = "fleek-ipfs"

    def __init__(self, platform: Any) -> None:
        super().__init__(platform)
        self.routes = (
            Route(
                "GET",
                "/ipfs/{address:rest}",
                "readIpfs",
                self._read,
                "fleek 4 [INFER]: an ipfsHash can be read at any gateway; IPFS' path gateway specification",
            ),
            Route(
                "POST",
                "/api/v0/add",
                "addIpfs",
                self._add,
                "fleek 2 [CLI]: a site's source may be any CID; IPFS' RPC API makes one",
                streamed=True,
            ),
            Route(
                "POST",
                "/api/fleek/upload",
                "uploadDirectory",
                self._upload,
                "fleek 2 [CLI]: the client's way from a directory to ipfsSource; form of errors [INFER]",
                streamed=True,
            ),
        )
        self._table = RouteTable(list(self.routes))

    def claims(self, call: Call) -> bool:
        paths = ("/ipfs/", "/api/v0/", "/api/fleek/")
        return call.host in (*GATEWAYS, UPLOADS) or call.on_loopback and call.raw_path.startswith(paths)

    def resolve(self, call: Call) -> Route | None:
        route = self._table.find(call, call.raw_path)
        foreign = {"readIpfs": (UPLOADS,), "addIpfs": (*GATEWAYS, UPLOADS), "uploadDirectory": GATEWAYS}
        if route is None or call.host in foreign[route.operation]:
            call.operation = "unrouted"
            return None
        return route

    async def answer(self, call: Call, route: Route | None, content: bytes) -> Response:
        if route is None:
            return self.failure(call, 405 if call.raw_path.startswith("/ipfs/") else 404)
        settle(self._state, call.now)
        answered = route.handler(call)
        response: Response = await answered if inspect.isawaitable(answered) else answered
        return response

    def _read(self, call: Call) -> Response:
        cid, slash, path = call.raw_path[len("/ipfs/") :].partition("/")
        try:
            root = self._state.blocks.find(cid)
        except BadCid as error:
            return text_response(f"invalid path: {error}\n", 400)
        if root is None:
            status = self._state.ground.switches["fleek_gateway_unknown"]
            return text_response(f"ipfs resolve -r /ipfs/{cid}: no providers found\n", status)
        return serve(call, cid, root, slash + path)

    async def _add(self, call: Call) -> Response:
        """Lines of {"Name", "Hash", "Size"}: files, and the directories that their names tell of."""
        blocks = self._state.blocks
        version = 1 if call.query_params.get("cid-version") == "1" else 0
        raw_leaves = call.query_params.get("raw-leaves", str(version == 1)).lower() in ("true", "1")
        nodes: dict[str, Node] = {}
        try:
            form = await call.form(max_files=100_000)
        except MultiPartException as error:
            return _rpc_error(400, str(error))
        for _name, part in form.multi_items():
            if isinstance(part, UploadFile):
                name = urllib.parse.unquote(part.filename or "").strip("/")
                if ".." in name.split("/"):
                    return _rpc_error(400, f"invalid path: {name}")
                directory = part.content_type == "application/x-directory"
                node = (
                    blocks.add_directory({}) if directory else blocks.add_file(await part.read(), raw_leaves, version)
                )
                nodes[name or node.cid(version)] = node
        if not nodes:
            return _rpc_error(400, "file argument 'path' is required")
        top = blocks.tree(nodes, version)
        lines = list(_lines("", top, version))
        if call.query_params.get("wrap-with-directory") in ("true", "1"):
            lines.append(_line("", blocks.add_directory(top, version), version))
        return Response("".join(f"{json.dumps(line)}\n" for line in lines), media_type="application/json")

    async def _upload(self, call: Call) -> Response:
        """The raw key in X-Api-Key; returns the CID of the directory."""
        if call.headers.get("x-api-key") not in self._state.keys:
            return json_response({"message": "Unauthorized"}, 401)
        try:
            directory = add_archive(self._state.blocks, await archive(call))
        except (BadArchive, MultiPartException) as error:
            return json_response({"message": str(error)}, 400)
        return json_response({"ipfsHash": directory.cid()})


def serve(call: Call, cid: str, root: Node, raw_path: str) -> Response:
    """A file, a directory's index.html, or its list, as IPFS' path gateway specification has it."""
    version = 0 if cid.startswith("Qm") else 1
    path = urllib.parse.unquote(raw_path).strip("/")
    nodes = walk(root, path)
    if nodes is None:
        return text_response(f"ipfs resolve -r /ipfs/{cid}/{path}: no link by that name\n", 404)
    headers = {
        "x-ipfs-path": f"/ipfs/{cid}{raw_path}",
        "x-ipfs-roots": ",".join([cid, *(node.cid(version) for node in nodes[1:])]),
        "cache-control": FOREVER,
    }
    found = nodes[-1]
    if found.is_directory and not raw_path.endswith("/"):
        return Response(b"", 301, {**headers, "location": f"{call.raw_path}/"})
    headers["etag"] = f'"{found.cid(version)}"'
    if found.cid(version) in call.headers.get("if-none-match", ""):
        return Response(b"", 304, headers)
    if found.entries is not None:
        page = found.entries.get("index.html")
        if page is None or page.is_directory:
            return Response(_listing(f"/ipfs/{cid}/{path}", found.entries), 200, headers, "text/html")
        return Response(page.data, 200, {**headers, "content-type": content_type("index.html")})
    return Response(found.data, 200, {**headers, "content-type": content_type(path or "file")})


def _listing(path: str, entries: dict[str, Node]) -> str:
    names = [f"{name}/" if node.is_directory else name for name, node in entries.items()]
    rows = "\n".join(f'<li><a href="./{urllib.parse.quote(name)}">{html.escape(name)}</a></li>' for name in names)
    return LISTING.format(path=html.escape(path), rows=rows)


def _lines(prefix: str, entries: dict[str, Node], version: int) -> Iterable[dict[str, str]]:
    for name, node in entries.items():
        if node.entries is not None:
            yield from _lines(f"{prefix}{name}/", node.entries, version)
        yield _line(f"{prefix}{name}", node, version)


def _line(name: str, node: Node, version: int) -> dict[str, str]:
    return {"Name": name, "Hash": node.cid(version), "Size": str(node.cumulative)}


def _rpc_error(status: int, message: str) -> Response:
    return json_response({"Message": message, "Code": 0, "Type": "error"}, status)
