"""What the three distributions say of themselves in their pyproject.toml."""

import tomllib
from pathlib import Path

PACKAGES = Path(__file__).parents[2] / "packages"


def rows() -> list[dict[str, str]]:
    """A row for each distribution: its version, and what it needs."""
    projects = [tomllib.loads(path.read_text("utf-8"))["project"] for path in sorted(PACKAGES.glob("*/pyproject.toml"))]
    return [
        {
            "distribution": f"`{project['name']}`",
            "version": project["version"],
            "Python": project["requires-python"],
            "needs": listed(project["dependencies"]),
            "extras": "<br>".join(
                f"`[{name}]`: {listed(needed)}" for name, needed in project.get("optional-dependencies", {}).items()
            ),
        }
        for project in projects
    ]


def listed(requirements: list[str]) -> str:
    """Requirements as code, or what stands for none."""
    return ", ".join(f"`{requirement}`" for requirement in requirements) or "nothing"
