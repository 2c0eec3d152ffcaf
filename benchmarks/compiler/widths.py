"""Where libraries of matrices overtake: training steps of ever larger networks, and what it takes to compile them."""

from table import Row, Table
from workers import check_same, take_turns

SAMPLES = {  # for each network how many a timed run sees
    (64, 16, 16, 10): 200_000,
    (64, 64, 64, 10): 100_000,
    (784, 128, 10): 20_000,
    (64, 256, 256, 10): 20_000,
    (64, 512, 512, 10): 10_000,
}
BATCHES = (100, 1000)
GOALS = {  # how many times as long NumPy should take, for each network and batch
    ((784, 128, 10), 100): 1.0,
    ((784, 128, 10), 1000): 1.2,
    ((64, 512, 512, 10), 100): 0.9,
    ((64, 512, 512, 10), 1000): 1.2,
}


def table(workers, repeats, say):
    racing = {name: workers[name] for name in ("micrograd", "NumPy", "PyTorch", "JAX")}
    rows = []
    for sizes, samples in SAMPLES.items():
        for batch in BATCHES:
            title = f"{'-'.join(map(str, sizes))}, batch {batch:,}"
            say(f"training of network {title}")
            found = take_turns(racing, repeats, "train", sizes, batch, samples // batch)
            check_same(racing, 1e-6, "reached", sizes, batch)  # all have taken the same steps
            compiling = racing["micrograd"].ask("compiling", sizes, batch)
            times = [f"{1e6 * seconds:,.0f} us" for seconds in found.values()]
            cells = [*times, min(found, key=found.get), f"{compiling:.1f} s"]
            rows.append(Row(title, cells, *verdict(found, GOALS.get((sizes, batch)))))
    columns = [*racing, "fastest", "compiling"]
    return Table("widths", "A training step of wider networks, cross-entropy, float64", columns, rows)


def verdict(found, goal):
    """The figures, and the goal if there is one."""
    ratios = {name: seconds / found["micrograd"] for name, seconds in found.items() if name != "micrograd"}
    figure = ", ".join(f"{name} {ratio:.2f}x" for name, ratio in ratios.items())
    return (figure, f"NumPy >= {goal}x", ratios["NumPy"] >= goal) if goal else (figure,)
