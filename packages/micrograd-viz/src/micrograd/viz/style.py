"""The colours of a picture, as one style sheet, and as attributes for programs that know no style sheets.

Blue is positive and orange is negative, which colour-blind people tell apart, and every number shows its sign. Size is
how much of the colour covers the paper. On light paper the strongest colour still carries dark writing, and on dark
paper light writing, with the contrast that WCAG 2 asks of text (4.5 to 1).
"""

import math

LIGHT = {
    "paper": "#ffffff",
    "box": "#ffffff",
    "ink": "#111827",
    "faint": "#5b6472",
    "line": "#7c8aa0",
    "none": "#eef1f5",
    "positive": "#569af9",
    "negative": "#f0752f",
    "wrong": "#dc2626",
    "alarm": "#fecaca",
}
"""The colours on light paper and in print. `none` is for a gradient of 0, `wrong` and `alarm` for inf and nan."""

DARK = {
    "paper": "#0f141c",
    "box": "#171e29",
    "ink": "#f3f4f6",
    "faint": "#9aa5b5",
    "line": "#64748b",
    "none": "#232c3a",
    "positive": "#2563eb",
    "negative": "#c2410c",
    "wrong": "#f87171",
    "alarm": "#7f1d1d",
}
"""The colours on dark paper."""


STRIPS = {"zero": "none", "positive": "positive", "negative": "negative", "undefined": "alarm"}
"""The colour of a strip for each `sign`."""


def _properties(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


_STRIP_RULES = "\n".join(f".micrograd .{sign} .strip{{fill:var(--{colour})}}" for sign, colour in STRIPS.items())

STYLE = f"""
.micrograd{{{_properties(LIGHT)}}}
@media screen and (prefers-color-scheme:dark){{.micrograd{{{_properties(DARK)}}}}}
.micrograd .paper{{fill:var(--paper)}}
.micrograd .edges{{stroke:var(--line)}}
.micrograd .nodes{{fill:var(--ink)}}
.micrograd .box{{fill:var(--box)}}
.micrograd .border,.micrograd .pile{{stroke:var(--line)}}
.micrograd .caption,.micrograd .op{{fill:var(--faint)}}
{_STRIP_RULES}
.micrograd .wrong .border{{stroke:var(--wrong);stroke-width:2.5;stroke-dasharray:7 3}}
.micrograd .badge{{fill:var(--wrong)}}
.micrograd .mark{{stroke:var(--paper)}}
"""
"""The style sheet of a picture: it applies inside `<svg class="micrograd">` only, so a page can hold several.

A page may set the custom properties again, such as `--positive`, to have colours of its own.
"""


def sign(grad: float) -> str:
    """The class of a node by its gradient: `positive`, `negative`, `zero`, or `undefined` for inf and nan."""
    if not math.isfinite(grad):
        return "undefined"
    return "positive" if grad > 0 else "negative" if grad < 0 else "zero"


def strength(grad: float, largest: float) -> float:
    """How much of its colour covers the strip of a gradient, 0 to 1.

    Args:
        grad: The gradient.
        largest: The size of the largest finite gradient in the picture.

    Returns:
        The opacity; it grows with the square root of the size, so that small gradients differ too.

    Example:
        >>> strength(-4.0, 4.0), strength(1.0, 4.0), strength(0.0, 4.0)
        (1.0, 0.56, 1.0)
    """
    if grad == 0 or not math.isfinite(grad):
        return 1.0
    return round(0.12 + 0.88 * math.sqrt(abs(grad) / largest), 2)
