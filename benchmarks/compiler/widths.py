"""Where PyTorch overtakes: training steps of ever larger networks, and what it takes to compile them."""

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


def table(workers, repeats, say):
    racing = {name: workers[name] for name in ("micrograd", "NumPy", "PyTorch")}
    rows = []
    for sizes, samples in SAMPLES.items():
        for batch in BATCHES:
            title = f"{'-'.join(map(str, sizes))}, batch {batch:,}"
            say(f"training of network {title}")
            found = take_turns(racing, repeats, "train", sizes, batch, samples // batch)
            check_same(racing, 1e-6, "reached", sizes, batch)  # all have taken the same steps
            compiling = racing["micrograd"].ask("compiling", sizes, batch)
            ratios = [f"{name} {found[name] / found['micrograd']:.2f}x" for name in ("NumPy", "PyTorch")]
            times = [f"{1e6 * seconds:,.0f} us" for seconds in found.values()]
            rows.append(Row(title, [*times, min(found, key=found.get), f"{compiling:.1f} s"], ", ".join(ratios)))
    columns = [*racing, "fastest", "compiling"]
    return Table("widths", "A training step of wider networks, cross-entropy, float64", columns, rows)
