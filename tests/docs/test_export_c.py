"""The C of the page about C does what the page says."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pages import parts, run

PAGE = Path(__file__).parents[2] / "docs/how-to/export-c.md"


def test_the_program_of_the_page_prints_what_it_says(tmp_path, monkeypatch):
    if shutil.which("cc") is None:
        pytest.skip("there is no C compiler: apt-get install gcc")
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text("utf-8")
    list(run(parts(text), {"__name__": "__main__"}, str(PAGE)))
    (main,) = re.findall(r"^```c\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    Path("main.c").write_text(main)
    commands, said = re.search(r"```console\n(cc .*?)```\n\n```text\n(.*?)```", text, re.DOTALL).groups()
    for command in commands.splitlines():
        done = subprocess.run(command.split(), capture_output=True, text=True, check=True)
    assert done.stdout == said
    for name in ("spring.c", "hinge.c"):
        subprocess.run(["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-c", name], check=True)
