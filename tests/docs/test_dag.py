"""The picture of the README is what its command draws."""

import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import dag

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"


def size(path):
    """Width and height, from the header of a PNG file."""
    return struct.unpack(">II", path.read_bytes()[16:24])


def test_the_picture_of_the_readme_is_up_to_date(tmp_path):
    drawing = dag.picture()
    drawing.save(tmp_path / "dag.png")
    assert size(ROOT / "dag.png") == size(tmp_path / "dag.png")


def test_the_picture_shows_the_numbers_of_the_readme():
    drawing = dag.picture()
    shown = {}
    for group in ET.fromstring(drawing.svg).iter(f"{SVG}g"):
        texts = {text.get("class"): text.text for text in group.findall(f"{SVG}text")}
        shown[texts.get("label")] = texts
    assert (shown["a"]["grad"], shown["b"]["grad"], shown["g"]["data"]) == ("138.8338", "645.5773", "24.7041")
    assert set("abcdefg") < set(shown)
