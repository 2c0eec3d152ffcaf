"""Train a small network of scalar Values, and look at what it learned.

    python examples/demo.py                  # two half moons: the classic demo, in the engine that is read in one go
    python examples/demo.py --data digits    # handwritten digits through the compiler, beside PyTorch if it is there

Prints loss and accuracy, and writes pictures to the folder `out`. It takes 100 steps for the moons, and 4500 for the
digits, in whole passes of 45.
"""

from demos import digits, moons
from shared.options import options

DEMOS = {"moons": moons, "digits": digits}

args = options(__doc__, data=tuple(DEMOS), steps=int, seed=1337)
demo = DEMOS[args.data]
demo.run(args.steps or demo.STEPS, args.seed, args.out)
