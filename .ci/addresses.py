"""Write into the distributions where the project lives, before they are published: `python .ci/addresses.py URL SITE`.

In the repository no address is known and links are relative. An index shows a README alone, so that its links have to
be absolute there. URL is that of the repository, SITE that of the documentation, or empty.
"""

import posixpath
import re
import sys
from pathlib import Path

LINK = re.compile(r"\]\((?!https?:|#)([^)]+)\)")


def publish(package: Path, repository: str, site: str) -> None:
    """Make the links of a README absolute, and add `[project.urls]`."""
    here = f"packages/{package.name}"

    def absolute(link: re.Match[str]) -> str:
        return f"]({repository}/blob/HEAD/{posixpath.normpath(posixpath.join(here, link[1]))})"

    readme = package / "README.md"
    readme.write_text(LINK.sub(absolute, readme.read_text("utf-8")), "utf-8")
    urls = {
        "Homepage": repository,
        "Documentation": site,
        "Source": f"{repository}/tree/HEAD/{here}",
        "Changelog": f"{repository}/blob/HEAD/{here}/CHANGELOG.md",
        "Issues": f"{repository}/issues",
    }
    with (package / "pyproject.toml").open("a", encoding="utf-8") as project:
        project.write("\n[project.urls]\n")
        project.writelines(f'{label} = "{url}"\n' for label, url in urls.items() if url)


if __name__ == "__main__":
    for package in Path("packages").iterdir():
        publish(package, *sys.argv[1:])
