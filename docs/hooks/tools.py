"""The tools, for the hooks: mkdocs puts only the folder of a hook on the path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import bundle
import chapters
import exercises
import inlining
import notebook
import pages

__all__ = ["bundle", "chapters", "exercises", "inlining", "notebook", "pages"]
