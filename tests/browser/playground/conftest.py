"""The playground in a window of a real browser."""

import pytest

from playgrounds import Playground

DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def address(site, address):
    """The site, if there was all that its playground is built from. The tests that ask for one are skipped if not."""
    if not (site / "playground" / "assets.json").is_file():
        pytest.skip("no npm, or it failed, so that the site has no playground: apt-get install npm")
    return address


@pytest.fixture
def visit(visit):
    """Opens a page of the site, from which a shared machine starts Python slowly."""
    return lambda path="playground/", **options: visit(path, **{"viewport": DESKTOP, "timeout": 20_000, **options})


@pytest.fixture
def at(visit):
    """Opens the playground at what an address asks for after its #."""
    return lambda hash="", **options: Playground(visit(f"playground/{hash}", **options))


@pytest.fixture
def playground(at):
    return at()
