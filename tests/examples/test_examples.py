"""Each example is short, and has a place in the gallery and a page, with what it prints and draws.

That an example runs from the line on its page where nothing else is installed is tested with the packaging.
"""

import html
import re
from pathlib import Path

import pytest

from examples import CODE, COMMAND, code, parts

ROOT = Path(__file__).parents[2]
GALLERY = (ROOT / "docs/examples/index.md").read_text("utf-8")
LINES = {"microgpt": 165}  # a whole GPT takes more
PRINTS = {  # what stands on the page of each, where it was run on its full budget
    "classify": r"540 held out\n.* 9[67]\.\d%\n.* 9[67]\.\d%\nmicrograd's MLP .* 9[67]\.\d%\n",
    "diabetes": r"LinearRegression +(\d.*)\na neuron +\1\nRidge +(\d.*)\na neuron with weight decay +\2\n",
    "gru": r"ten times as long: 100\.00% of 117,000 bits are right",
    "microgpt": r"\nloss 3\.\d\d -> [12]\.\d\d, held out 2\.\d\d\n((\w+ ){9}\w+\n){2}\d+ of these 20 are new\n",
    "newton": r"after 1000 steps\n.* after 10 steps\n.*, within \de-\d\d of scikit-learn's\n",
    "option": r"(\w+ +-?\d+\.\d{5} \S* +off by \de-1[3-6] at most, of all spots and times\n){6}",
    "pendulum": r"step 399: off by +5\.\d°, length 1\.(19|20)\d m, damping 0\.(29|30)\d /s",
    "projectile": r"(?s)step 5: 50\.71.* m\ntextbook: (51\.3726°, 7\.1807 m/s).*step 5: \1.*\ntextbook: \1",
    "robot_arm": r"step 4: off by \d\.\de-07 m at most\nstep 5: off by \d\.\de-1[2-9] m",
    "spectrum": r"\nC-C  : 284\.(69|70)\d ± 0\.00\d eV, (59|60)\.\d ± 0\.\d % of",
    "xor": r"\[0\.0, 1\.0\] -> \+1\.\d+\n\[1\.0, 0\.0\] -> \+1\.\d+\n\[1\.0, 1\.0\] -> -1",
}

every_example = pytest.mark.parametrize(
    "example", sorted({*ROOT.glob("examples/*.py")} - {ROOT / "examples/demo.py"}), ids=lambda path: path.stem
)


def page(site: Path, name: str) -> str:
    return (site / "examples" / name / "index.html").read_text("utf-8")


@every_example
def test_example_is_short(example: Path) -> None:
    assert len(example.read_text("utf-8").splitlines()) < LINES.get(example.stem, 60)


@every_example
def test_example_is_in_the_gallery(example: Path) -> None:
    name = example.stem
    assert re.search(rf"^- <!-- picture: {name} -->\n\n    \[[^]]+\]\({name}\.md\): .", GALLERY, re.MULTILINE)


def test_gallery_shows_every_picture(site: Path) -> None:
    assert page(site, "").count('<figure class="plot"') == GALLERY.count("<!-- picture: ") == len(PRINTS)


@every_example
def test_page_shows_code_output_and_picture(example: Path, site: Path) -> None:
    name = example.stem
    shown = page(site, name)
    text = html.unescape(re.sub(r"<[^>]*>", "", shown))
    commands = COMMAND.findall((ROOT / f"docs/examples/{name}.md").read_text("utf-8"))
    assert shown.count('<figure class="plot"') == text.count(f"\nwrote out/{name}.svg\n") == len(commands) > 0
    assert all(part in text for part in parts(example.read_text("utf-8")))
    assert re.search(PRINTS[name], text)


@every_example
def test_gallery_shows_the_picture_as_its_page_does(example: Path, site: Path) -> None:
    figure = re.search('<figure class="plot".*?</figure>', page(site, example.stem), re.DOTALL)
    assert figure
    assert figure[0] in page(site, "")


def test_other_pages_show_code(site: Path) -> None:
    marks = CODE.findall((ROOT / "docs/how-to/beyond.md").read_text("utf-8"))
    assert marks == [("distributed/train", ""), ("distributed/in_torch", "")]
    text = html.unescape(re.sub(r"<[^>]*>", "", (site / "how-to/beyond/index.html").read_text("utf-8")))
    assert all(code(name, None) in text for name, _ in marks)
