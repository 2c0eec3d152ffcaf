"""Draw the graph behind the example of the README: `hatch run picture` writes it to dag.png."""

from pathlib import Path
from typing import Any

from micrograd.viz import Drawing, draw
from pages import Code, parts, run

ROOT = Path(__file__).parents[2]


def picture() -> Drawing:
    """The graph of the first example, with its gradients, from the top to the bottom, with a box for each Value."""
    readme = parts((ROOT / "README.md").read_text("utf-8"))
    example = next(part for part in readme if isinstance(part, Code))
    names: dict[str, Any] = {}
    list(run([example], names, "README.md"))
    return draw(names["g"], labels=names, rankdir="TB", most=300)


if __name__ == "__main__":
    picture().save(ROOT / "dag.png")
