"""What both demos print."""

from micrograd.nn import History


def print_loss(history: History, unit: str) -> None:
    if not history.loss:
        raise SystemExit("stopped before the first loss was known")
    print(f"loss {history.loss[0]:.4f} -> {history.loss[-1]:.4f} in {len(history.loss)} {unit}")
