"""Colour maps: a few colours each, with all others between them."""

import re

MAPS = {
    name: re.findall("......", colours)
    for name, colours in {
        "viridis": "44015448186a472d7b4240863b528b33638d2c728e26828e21918c1fa08828ae803fbc735ec96284d44baddc30"
        "d8e219fde725",
        "plasma": "0d088741049d6a00a88f0da4b12a90cc4778e16462f2844bfca636fcce25f0f921",
        "gray": "000000ffffff",
        "Greys": "fffffff0f0f0d9d9d9bdbdbd959595727272515151242424000000",
        "Blues": "f7fbffdeebf7c6dbef9dcae16aaed64191c62070b408509b08306b",
        "Greens": "f7fcf5e5f5e0c7e9c0a0d99b73c47640aa5d228a44006c2c00441b",
        "Oranges": "fff5ebfee6cefdd0a2fdae6afd8c3bf16813d84801a536037f2704",
        "Purples": "fcfbfdefedf5dadaebbcbddc9e9ac8807cba6950a353268f3f007d",
        "Reds": "fff5f0fee0d2fcbba1fc9272fb694aee3a2cca181da30f1567000d",
        "PuOr": "7f3b08b25706e08214fcb761fee0b6f6f6f7d8daebb1aad18073ac5326872d004b",
        "RdBu": "67001fb1182bd6604df3a481fddbc7f6f7f7d1e5f090c4dd4393c32065ab053061",
        "RdYlBu": "a50026d62f27f46d43fdad60fee090feffc0e0f3f8aad8e974add14574b3313695",
        "coolwarm": "3b4cc04e68d86282ea779af78db0fea3c2feb9d0f9ccd9eddddcdcecd3c5f5c4acf7b093f4987aeb7d62dd5f4b"
        "ca3b37b40426",
        "bwr": "0000fffffefeff0000",
    }.items()
}


class Colormap:
    """Colours for the numbers from 0 to 1.

    Args:
        name: As matplotlib calls it; with `_r` at the end it runs the other way.

    Raises:
        ValueError: If it is none of those that are here.
    """

    def __init__(self, name: str) -> None:
        colours = MAPS.get(name.removesuffix("_r"))
        if colours is None:
            raise ValueError(f"{name!r} is none of the colour maps of the playground: {', '.join(MAPS)}, or with _r")
        self.name = name
        self.colours = [tuple(bytes.fromhex(colour)) for colour in (colours[::-1] if name.endswith("_r") else colours)]

    def __call__(self, share: float) -> str:
        """The colour of a number; what is below 0 or above 1 has the colour of the end."""
        place = min(max(share, 0.0), 1.0) * (len(self.colours) - 1)
        i = min(int(place), len(self.colours) - 2)
        mixed = (round(a + (b - a) * (place - i)) for a, b in zip(self.colours[i], self.colours[i + 1], strict=True))
        return "#" + bytes(mixed).hex()
