"""Files are written whole or not at all, and only regular files are replaced."""

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from micrograd.engine.files import write

ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}


def content(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def run(program, *arguments):
    return subprocess.run(
        [sys.executable, "-B", "-c", program, *map(str, arguments)], capture_output=True, text=True, env=ENVIRONMENT
    )


@pytest.mark.parametrize("kind", [str, os.fspath, lambda path: path], ids=["str", "fspath", "Path"])
@pytest.mark.parametrize(
    ("given", "kept"),
    [("", b""), ("ü\n", b"\xc3\xbc\n"), (b"\x00\xff\r\n", b"\x00\xff\r\n"), ("x" * 10**6, b"x" * 10**6)],
    ids=["empty", "text", "bytes", "large"],
)
def test_what_was_written_is_there(tmp_path, kind, given, kept):
    for _ in range(2):  # a new file, and one that is replaced
        write(kind(tmp_path / "a"), given)
        assert content(tmp_path) == {"a": kept}


def test_a_path_may_be_relative(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write("a", "1")
    write("a", "2")
    assert content(tmp_path) == {"a": b"2"}


@pytest.mark.parametrize("length", [1, 200, 230, 234, 240, 254, 255])
@pytest.mark.parametrize("letter", ["n", "é"])
def test_any_name_that_a_file_can_have_will_do(tmp_path, length, letter):
    path = tmp_path / (letter * (length // len(letter.encode())) or "n")
    write(path, "1")
    write(path, "2")
    assert content(tmp_path) == {path.name: b"2"}


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664, 0o666, 0o700])
def test_the_mode_stays(tmp_path, mode):
    path = tmp_path / "a"
    path.touch()
    path.chmod(mode)
    write(path, "new")
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert content(tmp_path) == {"a": b"new"}


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_mode_of_other_new_files(tmp_path, umask):
    before = os.umask(umask)
    try:
        write(tmp_path / "a", "new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o666 & ~umask


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_the_owner_stays(tmp_path):
    (tmp_path / "a").touch()
    os.chown(tmp_path / "a", 1234, 5678)
    write(tmp_path / "a", "new")
    status = (tmp_path / "a").stat()
    assert (status.st_uid, status.st_gid) == (1234, 5678)


def test_the_target_of_a_symbolic_link_is_written(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "target").write_text("old")
    (tmp_path / "one").symlink_to("folder/target")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    write(tmp_path / "two", "new")
    assert (tmp_path / "one").is_symlink()
    assert (tmp_path / "two").is_symlink()
    assert content(folder) == {"target": b"new"}


def test_the_target_of_a_dangling_link_is_made(tmp_path):
    (tmp_path / "link").symlink_to("target")
    write(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "new"


def test_a_link_to_a_folder_leads_into_it(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    write(tmp_path / "link" / "a", "new")
    assert content(tmp_path / "folder") == {"a": b"new"}


@pytest.mark.parametrize("text", ["", "longer than before", "new"])
def test_all_names_of_a_file_see_the_new_content(tmp_path, text):
    (tmp_path / "one").write_text("content")
    os.link(tmp_path / "one", tmp_path / "two")
    write(tmp_path / "two", text)
    assert content(tmp_path) == {"one": text.encode(), "two": text.encode()}
    assert os.path.samefile(tmp_path / "one", tmp_path / "two")


def test_a_fifo_is_written_to(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    read = []
    reader = threading.Thread(target=lambda: read.append(fifo.read_bytes()), daemon=True)
    reader.start()
    write(fifo, "x" * 200_000)  # more than a pipe holds
    reader.join(timeout=10)
    assert read == [b"x" * 200_000]
    assert stat.S_ISFIFO(fifo.lstat().st_mode)
    assert [p.name for p in tmp_path.iterdir()] == ["fifo"]


@pytest.fixture
def null(tmp_path):
    """A device of our own that swallows everything, like /dev/null."""
    node = tmp_path / "device"
    try:
        os.mknod(node, stat.S_IFCHR | 0o666, os.makedev(1, 3))
        node.write_bytes(b"")
    except PermissionError:
        pytest.skip("only root can make a device, and not in every folder")
    return node


@pytest.mark.parametrize("through_a_link", [False, True])
def test_a_device_is_written_to(tmp_path, null, through_a_link):
    path = null
    if through_a_link:
        path = tmp_path / "link"
        path.symlink_to(null)
    write(path, "text")
    assert stat.S_ISCHR(null.lstat().st_mode)
    assert not [p for p in tmp_path.iterdir() if p.is_file()]


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("", FileNotFoundError),
        (".", IsADirectoryError),
        ("..", IsADirectoryError),
        ("folder", IsADirectoryError),
        ("new/", FileNotFoundError),
        ("missing/a", FileNotFoundError),
        ("file/a", NotADirectoryError),
        ("loop", OSError),
        ("lost", FileNotFoundError),
        ("n" * 256, OSError),
        ("é" * 128, OSError),
    ],
)
def test_an_error_names_the_path_that_was_given(tmp_path, monkeypatch, path, error):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "lost").symlink_to("missing/target")
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(error) as caught:
        write(path, "new")
    assert (caught.value.filename, caught.value.filename2) == (path, None)
    assert "draft" not in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


FORBIDDEN = """
import os, sys
from micrograd.engine.files import write
os.chdir(sys.argv[1])
if os.geteuid() == 0:
    os.setuid(65534)  # root may do everything, this user nothing here
try:
    write(sys.argv[2], "new")
except PermissionError as error:
    print(error.filename)
"""


@pytest.mark.parametrize(("name", "folder_mode", "mode"), [("a", 0o777, 0o444), ("a", 0o555, 0o666), ("b", 0o555, 0)])
def test_what_may_not_be_written_is_named_and_stays(tmp_path, name, folder_mode, mode):
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(mode)
    tmp_path.chmod(folder_mode)
    done = run(FORBIDDEN, tmp_path, name)
    tmp_path.chmod(0o755)
    (tmp_path / "a").chmod(0o644)
    assert (done.stdout, done.stderr) == (f"{name}\n", "")
    assert content(tmp_path) == {"a": b"old"}


FULL = """
import os, resource, signal, sys
from micrograd.engine.files import write
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))  # as on a full disk, writing ends half-way
try:
    write(sys.argv[1], "x" * 3000)
except OSError as error:
    print(error.strerror, error.filename)
"""


@pytest.mark.parametrize("links", [1, 2])
def test_a_full_disk_leaves_the_old_content(tmp_path, links):
    (tmp_path / "a").write_text("old" * 100)
    if links == 2:
        os.link(tmp_path / "a", tmp_path / "b")
    before = content(tmp_path)
    assert run(FULL, tmp_path / "a").stdout == f"File too large {tmp_path / 'a'}\n"
    assert content(tmp_path) == before


KILLED = """
import os, signal, sys
from micrograd.engine.files import write
write(sys.argv[1], "old")
os.fsync = lambda file: os.kill(os.getpid(), signal.SIGKILL)  # before the draft takes its place
write(sys.argv[1], "new")
"""


def test_drafts_of_killed_processes_are_removed_by_the_next_write(tmp_path):
    for _ in range(3):
        assert run(KILLED, tmp_path / "a").returncode == -signal.SIGKILL
    (tmp_path / ".another.draft").touch()
    assert (tmp_path / "a").read_text() == "old"
    write(tmp_path / "a", "newer")
    assert content(tmp_path) == {"a": b"newer", ".another.draft": b""}


def test_a_draft_that_is_being_written_is_left_alone(tmp_path, monkeypatch):
    """One write waits just before its draft takes its place; others come and go meanwhile, here and elsewhere."""
    waiting, go_on = threading.Event(), threading.Event()
    fsync = os.fsync

    def slow(file):
        fsync(file)
        if threading.current_thread() is first:
            waiting.set()
            assert go_on.wait(20)

    monkeypatch.setattr(os, "fsync", slow)
    first = threading.Thread(target=write, args=(tmp_path / "a", "first"))
    first.start()
    assert waiting.wait(20)
    write(tmp_path / "a", "second")
    done = run("import sys; from micrograd.engine.files import write; write(sys.argv[1], 'third')", tmp_path / "a")
    assert (done.returncode, (tmp_path / "a").read_text()) == (0, "third")
    go_on.set()
    first.join()
    assert content(tmp_path) == {"a": b"first"}


def test_many_threads_write_one_file(tmp_path):
    texts = [str(i) * 5000 for i in range(8)]
    errors = []

    def work(text):
        try:
            for _ in range(25):
                write(tmp_path / "a", text)
                assert (tmp_path / "a").read_text() in texts
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [*content(tmp_path)] == ["a"]


@pytest.mark.parametrize("path", [None, 3, b"name"])
def test_a_path_is_text(path):
    with pytest.raises(TypeError):
        write(path, "text")


@pytest.mark.parametrize("content", [None, 1, ["text"]])
def test_content_is_text_or_bytes(tmp_path, content):
    with pytest.raises(TypeError):
        write(tmp_path / "a", content)
    assert list(tmp_path.iterdir()) == []


def test_text_that_is_no_unicode_leaves_the_file(tmp_path):
    write(tmp_path / "a", "old")
    with pytest.raises(UnicodeEncodeError):
        write(tmp_path / "a", "\ud800")
    assert content(tmp_path) == {"a": b"old"}


def test_systems_without_locks_can_write(tmp_path):
    """As on Windows and in a browser, where there is no fcntl."""
    program = """
import sys
sys.modules["fcntl"] = None
from micrograd.engine.files import write
for text in ("old", "new"):
    write(sys.argv[1], text)
"""
    (tmp_path / ".micrograd-0123456789abcdef.draft").touch()
    assert run(program, tmp_path / "a").stderr == ""
    assert content(tmp_path) == {"a": b"new"}


@pytest.mark.parametrize("name", [".micrograd-best.draft", ".micrograd-notes.draft", ".micrograd-0123.draft"])
def test_what_only_looks_like_a_draft_is_left_alone(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, "mine")
    write(tmp_path / "other", "another")
    assert (tmp_path / name).read_text() == "mine"
