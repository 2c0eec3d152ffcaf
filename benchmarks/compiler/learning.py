"""Digits from start to end, compilation included."""

import statistics

from compiler.digits import BATCH
from table import Row, Table
from workers import check_same

EPOCHS = 30


def table(workers, repeats, say):
    racing = {name: workers[name] for name in ("micrograd", "PyTorch")}
    say("digits")
    check_same(racing, 1e-6, "digits parameters", 1)
    runs = {name: [] for name in racing}
    for _ in range(repeats):
        for name, worker in racing.items():
            runs[name].append(worker.ask("digits", EPOCHS))

    def median(name, what):
        return statistics.median(run[what] for run in runs[name])

    ours, theirs = (median(name, "seconds") for name in racing)
    accuracies = [median(name, "accuracy") for name in racing]
    rows = [
        Row("training", [f"{ours:.2f} s", f"{theirs:.2f} s"], f"PyTorch {theirs / ours:.2f}x"),
        Row("of it compiling", [f"{median('micrograd', 'compiling'):.2f} s", ""]),
        Row("accuracy, 360 held-out images", [f"{accuracy:.1%}" for accuracy in accuracies]),
    ]
    title = f"Digits, network 64-32-10, Adam, {EPOCHS} epochs of 1,437 images in batches of {BATCH}"
    return Table("digits", title, list(racing), rows)
