"""Make of the built site one file to take along: `hatch run docs:bundle` writes it to out/micrograd-docs.zip.

Unzipped, its pages open from a disk, where browsers refuse some of what they allow from a server:

- A link to a folder would list its files, so it leads to the page in it.
- Nothing can be fetched. What the search and the playground fetch is in scripts.
- No worker starts from a file. The search starts its own from text.

From a server the bundle works too.
"""

from __future__ import annotations

import base64
import io
import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from micrograd.engine.files import write

ROOT = Path(__file__).parents[2]
NAME = "micrograd-docs"
INDEX = "search/search_index.json"
PLAYGROUND = "playground/mount.js"
OF_SERVERS = re.compile(rf"404\.html|sitemap\.xml(\.gz)?|{NAME}\.zip")
OFFER = re.compile(r'<p class="only-online">.*?</p>', re.DOTALL)  # of the bundle itself, for instance
SETTINGS = re.compile(r'(?<=<script id="__config" type="application/json">).*?(?=</script>)')
LINK = re.compile(r'(<(?:a|link)\b[^>]*?\shref=")([^"]*)')
FETCHED = re.compile(r"playground/(?:worker\.js|.*\.(?:json|py|wasm|whl|zip))")

SEARCH = """{
  const WorkerOfServer = Worker;
  const text = new Blob([%s], { type: "text/javascript" });
  window.Worker = class extends WorkerOfServer {
    constructor(address, options) {
      const { href, protocol } = new URL(address, location);
      super(protocol === "file:" ? URL.createObjectURL(text) : href, options);
    }
  };
}
"""


def bundle(site: Path) -> bytes:
    """The built site as a zip file: the same for the same site."""
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        for path in sorted(path for path in site.rglob("*") if path.is_file()):
            name = path.relative_to(site).as_posix()
            if not OF_SERVERS.fullmatch(name):
                for entry, content in entries(name, path.read_bytes(), site):
                    archive.writestr(ZipInfo(f"{NAME}/{entry}"), content, ZIP_DEFLATED, 9)
    return stream.getvalue()


def entries(name: str, content: bytes, site: Path) -> Iterator[tuple[str, bytes]]:
    """What a file of the site is in the bundle: one file or two, by their names."""
    if name.endswith(".html"):
        yield name, page(name, content.decode(), site).encode()
    elif name == INDEX:
        index = searched(content)
        yield name, index
        yield INDEX.replace(".json", ".js"), b"var __index = " + index
    elif re.fullmatch(r"assets/javascripts/bundle\.\w+\.min\.js", name):
        (search,) = site.glob("assets/javascripts/workers/search.*.min.js")
        yield name, (SEARCH % json.dumps(search.read_text("utf-8"))).encode() + content
    elif name == PLAYGROUND:
        yield name, b"var packed = {};\n" + content  # says that it is, and is filled by what follows
    elif FETCHED.fullmatch(name):
        yield f"{name}.js", packed(name.removeprefix("playground/"), content).encode()
    else:
        yield name, content


def packed(name: str, content: bytes) -> str:
    """A script that holds a file, see docs/playground/assets.js."""
    kind = "text/javascript" if name.endswith(".js") else ""
    return f'packed["{name}"] = "data:{kind};base64,{base64.b64encode(content).decode()}";\n'


def page(name: str, html: str, site: Path) -> str:
    """A page whose links lead to files."""
    folder = posixpath.dirname(name)

    def link(match: re.Match[str]) -> str:
        path, mark, place = re.fullmatch(r"([^?#]*)(\??)(.*)", match[2], re.DOTALL).groups()
        if ":" in path or not path or not (site / folder / path).is_dir():
            return match[0]
        return f"{match[1]}{posixpath.join(path, 'index.html')}{mark}{place}"

    return SETTINGS.sub(settings, LINK.sub(link, OFFER.sub("", html)))


def settings(match: re.Match[str]) -> str:
    """The theme's settings for a site that it does not fetch from: no list of versions."""
    return json.dumps(json.loads(match[0]) | {"version": None})


def searched(content: bytes) -> bytes:
    """The index of the search, whose results are files."""
    index = json.loads(content)
    for document in index["docs"]:
        path, mark, heading = document["location"].partition("#")
        document["location"] = f"{path}index.html{mark}{heading}"
    return json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode()


if __name__ == "__main__":
    site, target = ROOT / "site", ROOT / "out" / f"{NAME}.zip"
    target.parent.mkdir(exist_ok=True)
    write(target, bundle(site))
    print(target.relative_to(ROOT))
