"""How many letters of the GPT a second, forward and backward: with one sequence in a call, with some and with many."""

from programs.compare import Case, measured, row
from programs.gpt import POSITIONS
from programs.peers import PEERS, say_missing
from table import Table
from workers import CORES

ONE_AT_A_TIME = ("micrograd, eager", "classic")
GOALS = {1: {"PyTorch": 1, "JAX": 1}, 32: {"classic": 3000, "PyTorch": 3, "JAX": 1}, 256: {}}


def compare(repeats, say):
    """The table, and the versions of the peers."""
    say_missing(say)
    repeats, rows, versions, slow = max(repeats // 3, 1), [], {}, {}
    for count, goals in GOALS.items():
        title = f"{count} sequence{'s' if count > 1 else ''}"
        say(f"GPT, {title}")
        first, each = tokens(count, repeats, versions, without=tuple(slow))
        slow = slow or {peer: each[peer] for peer in ONE_AT_A_TIME}
        if count == 32:
            rows.append(row(f"{title}, first result", first, {"seconds": 5}))
        rows.append(row(f"{title}, tokens a second", slow | each, goals, a_second))
    if len(CORES) > 1:
        say(f"GPT, {title}, two cores")
        _, each = tokens(count, repeats, versions, without=ONE_AT_A_TIME, cores=2)
        rows.append(row(f"{title}, tokens a second, two cores", each, {}, a_second))
    title = (
        f"A GPT of 4,192 parameters, {POSITIONS} positions a sequence, forward and backward, float64; eager micrograd "
        "and the script on the classic one take a sequence at a time, and so are timed with one"
    )
    return [Table("gpt", title, list(PEERS), rows)], list(dict.fromkeys(versions.values()))


def tokens(count, repeats, versions, **options):
    """For each peer the seconds to the first result, and those of a token."""
    first, call = measured(Case("GPT", "gpt", [count]), repeats, versions, **options)
    return first, {peer: seconds / count / POSITIONS for peer, seconds in call.items()}


def a_second(seconds):
    return f"{1 / seconds:,.0f}"
