"""Pictures made of pixels, drawn by resvg (https://github.com/linebender/resvg) with the font Open Sans."""

import math
from importlib.resources import files

FONT = "Open Sans"
"""The font that comes with the extra, so that there is writing on machines without fonts, and the same on all."""

_SCALE = 2.0  # pixels for a unit of the SVG, so that small writing is sharp
_LONGEST, _MOST = 32_000.0, 100e6  # pixels of a side, and of the whole, that most programs open


def rasterise(svg: str, width: float, height: float) -> bytes:
    """Turn SVG text into a PNG file.

    Args:
        svg: The picture, with all colours in attributes, written in `FONT`.
        width: Of the picture.
        height: Of the picture.

    Returns:
        The bytes of the file.

    Raises:
        ImportError: If the extra is not installed.
    """
    try:
        from resvg_py import svg_to_bytes

        fonts = files("ttf_opensans") / "ttf"
    except ModuleNotFoundError as error:
        raise ImportError("saving a .png needs two packages more: pip install resvg-py ttf-opensans") from error
    return svg_to_bytes(
        svg_string=svg,
        zoom=scale(width, height),
        font_files=[str(fonts / f"OpenSans-{weight}.ttf") for weight in ("Regular", "SemiBold")],
    )


def scale(width: float, height: float) -> float:
    """How many pixels there are for a unit of the SVG: two, or fewer in a picture too large for most programs.

    Example:
        >>> scale(300, 200), scale(64_000, 100), scale(20_000, 20_000)
        (2.0, 0.5, 0.5)
    """
    return min(_SCALE, _LONGEST / max(width, height), math.sqrt(_MOST / (width * height)))
