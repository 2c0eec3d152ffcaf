"""What is drawn around letters."""

from .colors import css


def withStroke(linewidth: float = 3.0, foreground: str = "w") -> dict[str, object]:
    """A border around letters, which keeps them apart from what is behind them: as attributes of SVG."""
    return {"stroke": css(foreground), "stroke_width": linewidth, "paint_order": "stroke", "stroke_linejoin": "round"}
