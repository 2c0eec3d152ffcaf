"""Where PyTorch overtakes: training steps of ever wider networks, and what it takes to compile them."""

from table import Row, Table
from workers import check_same, take_turns

SAMPLES = {16: 200_000, 64: 100_000, 256: 20_000}  # for each width how many a timed run sees
BATCHES = (100, 1000)


def table(workers, repeats, say):
    racing = {name: workers[name] for name in ("micrograd", "NumPy", "PyTorch")}
    rows = []
    for width, samples in SAMPLES.items():
        for batch in BATCHES:
            sizes = [64, width, width, 10]
            say(f"training of network {'-'.join(map(str, sizes))}, batch {batch:,}")
            found = take_turns(racing, repeats, "train", sizes, batch, samples // batch)
            check_same(racing, 1e-6, "reached", sizes, batch)  # all have taken the same steps
            compiling = racing["micrograd"].ask("compiling", sizes, batch)
            ratios = [f"{name} {found[name] / found['micrograd']:.2f}x" for name in ("NumPy", "PyTorch")]
            times = [f"{1e6 * seconds:,.0f} us" for seconds in found.values()]
            title = f"{'-'.join(map(str, sizes))}, batch {batch:,}"
            rows.append(Row(title, [*times, min(found, key=found.get), f"{compiling:.1f} s"], ", ".join(ratios)))
    columns = [*racing, "fastest", "compiling"]
    return Table("widths", "A training step of wider networks, cross-entropy, float64", columns, rows)
