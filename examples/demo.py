"""Train a small network of scalar Values, and look at what it learned.

    python examples/demo.py                  # two half moons: the classic demo, in the engine that is read in one go
    python examples/demo.py --data digits    # handwritten digits through the compiler, beside PyTorch if it is there

Prints loss and accuracy, and writes pictures to the folder `out`.
"""

import argparse
from pathlib import Path

import digits
import moons

DEMOS = {"moons": moons, "digits": digits}


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a small network of scalar Values, and look at what it learned.")
    parser.add_argument("--data", choices=DEMOS, default="moons")
    parser.add_argument(
        "--steps",
        type=int,
        help=f"optimiser steps (default: {moons.STEPS} for moons; {digits.STEPS} for digits, in whole passes of 45)",
    )
    parser.add_argument("--seed", type=int, default=1337, help="for the weights and the data (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder for the pictures (default: %(default)s)")
    args = parser.parse_args()
    if args.steps is not None and args.steps < 1:
        parser.error(f"--steps must be at least 1, got {args.steps}")

    args.out.mkdir(parents=True, exist_ok=True)
    demo = DEMOS[args.data]
    demo.run(args.steps or demo.STEPS, args.seed, args.out)


if __name__ == "__main__":
    main()
