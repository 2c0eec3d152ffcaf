"""What a class is taught with: handouts without answers, and links that lead to the cells that they name."""

import re
from itertools import takewhile
from pathlib import Path

import pytest
from mkdocs.exceptions import PluginError

import cells
import chapters
import handouts
import pages

CHAPTERS = {page.stem: page.read_text("utf-8") for page in chapters.PAGES if page.stem != "index"}

CHAPTER = """# 3. Rates

Some text, with a [link](other.md).

## First

```python
a = 2
```

```text
nothing to guess
```

And this the question does not need:

```python
def wander(steps):
    a = steps
    return a


b = wander(3)
```

What is it? Predict [twice](01-nudging.md) this:

<!-- predict -->
```python
print(a + a)
print(a)
```

```text
4
2
```

## Exercises

**1.** What is `[f](x)`? See [chapter 1](01-nudging.md).

??? success "Answer"

    Not this.

    ```python
    print("nor this")
    ```

## Where to go

Away.
"""

HANDOUT = """<section class="handout" markdown="1">

## 3. Rates

### Predict

```python
a = 2
```

<div class="task" markdown="1">

What is it? Predict twice this:

```python
print(a + a)
print(a)
```

<div class="room" style="--lines: 2"></div>

</div>

### Exercises

<div class="task" markdown="1">

**1.** What is `[f](x)`? See chapter 1.

<div class="room" style="--lines: 4"></div>

</div>

</section>
"""


def test_a_handout_has_the_questions_and_room_for_answers() -> None:
    assert handouts.handout(CHAPTER) == HANDOUT


@pytest.mark.parametrize("name", CHAPTERS)
def test_handouts_ask_everything_and_tell_nothing(name: str) -> None:
    text = CHAPTERS[name]
    handout = handouts.handout(text)
    answers = [part.markdown for part in pages.parts(text) if isinstance(part, pages.Answer)]
    asked = text.count(handouts.PREDICT) + len(answers)
    assert handout.count('<div class="room"') == asked
    lines = {line.strip() for line in handout.splitlines()}
    for answer in answers:
        prose = list(takewhile(lambda line: not line.startswith("```"), answer.splitlines()))
        assert lines.isdisjoint({line for line in prose if len(line) > 20})
    assert not re.search(r"```text|\?\?\?|\]\([^)]*\.md|<!--", handout)


@pytest.mark.parametrize(
    ("kind", "what", "address"),
    [
        ("cell", "03-chain-rule/bill_grad", "lesson=03-chain-rule&cell=1"),
        ("cell", "03-chain-rule/def push", "lesson=03-chain-rule&cell=2"),
        ("exercise", "03-chain-rule/2", "lesson=03-chain-rule&exercise=2"),
    ],
)
def test_a_link_finds_its_cell(kind: str, what: str, address: str) -> None:
    assert cells.lesson(kind, what) == address


@pytest.mark.parametrize("what", ["03-chain-rule/no such code", "99-nothing/bill"])
@pytest.mark.parametrize("kind", ["cell", "exercise"])
def test_a_link_to_what_is_not_there_is_an_error(kind: str, what: str) -> None:
    with pytest.raises(PluginError, match=f"{kind}:{what}: "):
        cells.lesson(kind, what)


@pytest.mark.parametrize("page", sorted((chapters.FOLDER.parent / "teaching").glob("*.md")), ids=lambda page: page.stem)
def test_links_of_the_pages_are_of_a_kind_that_is_known(page: Path) -> None:
    kinds = set(re.findall(r"\]\((\w+):", page.read_text("utf-8")))
    assert kinds <= {"https", "cell", "exercise"}
