"""How the pictures of the examples look, and how they are saved."""

import io
from pathlib import Path

import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.figure import Figure

from micrograd.engine.files import write
from micrograd.viz.style import DARK, LIGHT

INKS = ("ink", "faint", "line", "none", "paper")  # what is light on dark paper, and dark on light

plt.switch_backend("agg")  # to files, also where there is no screen
plt.rcParams.update(
    {
        "axes.edgecolor": LIGHT["line"],
        "axes.facecolor": "none",
        "axes.labelcolor": LIGHT["ink"],
        "axes.prop_cycle": cycler(color=["#2d72f5", "#e74911", "#15936b", "#9a5bc0", "#a67f0c"]),
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlelocation": "left",
        "axes.titlesize": "medium",
        "axes.titleweight": "bold",
        "figure.constrained_layout.use": True,
        "figure.facecolor": LIGHT["paper"],
        "figure.figsize": (5.2, 3.9),  # letters are readable on a phone
        "font.family": "sans-serif",
        "font.size": 11,
        "grid.color": LIGHT["none"],
        "legend.frameon": False,
        "savefig.dpi": 72,  # of what is painted pixel by pixel, which an SVG holds too
        "svg.fonttype": "none",
        "text.color": LIGHT["ink"],
        "xtick.color": LIGHT["line"],
        "xtick.labelcolor": LIGHT["faint"],
        "ytick.color": LIGHT["line"],
        "ytick.labelcolor": LIGHT["faint"],
    }
)


def save(figure: Figure, path: Path) -> None:
    """Write a figure, as a whole or not at all, and say so. An SVG is the same for the same figure.

    It is dark where the reader's screen is, and in a page that says what its colours are it has those.
    """
    drawn = io.BytesIO()
    is_svg = path.suffix == ".svg"
    with plt.rc_context({"svg.hashsalt": path.stem}):
        figure.savefig(drawn, format=path.suffix[1:], metadata={"Date": None, "Creator": None} if is_svg else None)
    plt.close(figure)
    write(path, themed(drawn.getvalue().decode()) if is_svg else drawn.getvalue())
    print(f"wrote {path}")


def themed(svg: str) -> str:
    """Let what is black, grey or white in a picture follow the paper. Other colours are to be seen on both."""
    for name in INKS:
        svg = svg.replace(LIGHT[name], f"var(--{name})")
    svg = svg.replace("#000000", "var(--ink)")
    light, dark = (";".join(f"--{name}:{colours[name]}" for name in INKS) for colours in (LIGHT, DARK))
    style = f""".micrograd{{{light};fill:var(--ink)}}
@media screen and (prefers-color-scheme:dark){{.micrograd{{{dark}}}}}"""
    svg = svg.replace("<svg ", '<svg class="micrograd" ', 1).replace("*{stroke", ".micrograd *{stroke", 1)
    return svg.replace("<defs>", f"<style>{style}</style><defs>", 1)
