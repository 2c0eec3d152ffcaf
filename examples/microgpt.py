"""A GPT on scalars: it reads first names letter by letter, learns what may follow, and makes up names of its own.

The idea, and the shape of the model, are those of microgpt, https://karpathy.github.io/2026/02/12/microgpt/, and of
makemore before it: one layer, 16 numbers for a letter, 4 heads. The names are those of the US census of 1990.
"""

import random
import time
from functools import reduce
from operator import add, mul
from pathlib import Path
from statistics import mean

import names

from micrograd import nn
from micrograd.engine.jit import jit
from shared.attention import draw, explain_surprise
from shared.options import options

args = options(__doc__, steps=1000, batch=1, seed=1, temperature=0.7, jit=False)
random.seed(args.seed)

# The names, a tenth of which is held out, and how they become numbers.

files = [Path(names.FILES[f"first:{sex}"]) for sex in ("female", "male")]
known = sorted({line.split()[0].lower() for file in files for line in file.read_text().splitlines()})
random.shuffle(known)
held_out, known = known[: len(known) // 10], known[len(known) // 10 :]

ALPHABET = ".abcdefghijklmnopqrstuvwxyz"  # a dot begins a name, and ends it
LONGEST = 1 + max(map(len, known + held_out))


def numbers(text):
    return [ALPHABET.index(letter) for letter in text]


def rows(some):
    """The letters of names, and for each letter the one that follows."""
    return [filled(numbers(f".{name}"), 0) for name in some], [filled(numbers(f"{name}."), -100) for name in some]


def filled(row, number):
    """Machine code takes rows of one length. A letter -100, where a name is over, adds nothing to the loss."""
    return row + [number] * (LONGEST - len(row)) if args.jit else row


# The model.

WIDTH, PLACES = 16, 16  # the numbers that stand for a letter, and the letters that can be read
HEADS = [slice(0, 4), slice(4, 8), slice(8, 12), slice(12, 16)]  # which of the numbers each head works with


def dot(a, b):
    return reduce(add, map(mul, a, b))


def plus(a, b):
    return list(map(add, a, b))


def columns(table):
    return zip(*table, strict=True)


def norm(x):
    scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
    return [number * scale for number in x]


def linear(nin, nout):
    return nn.Linear(nin, nout, bias=False, init=lambda *_: random.gauss(0, 0.08))


class GPT(nn.Module):
    """Reads letters, and tells after each what may follow."""

    def __init__(self):
        self.letter, self.place = nn.Embedding(len(ALPHABET), WIDTH), nn.Embedding(PLACES, WIDTH)
        self.query, self.key, self.value, self.join = (linear(WIDTH, WIDTH) for _ in range(4))
        self.widen, self.narrow = linear(WIDTH, 4 * WIDTH), linear(4 * WIDTH, WIDTH)
        self.tell = linear(WIDTH, len(ALPHABET))

    def __call__(self, letters):
        return self.read(letters)[0]

    def read(self, letters):
        """For each letter the scores of those that may follow, and how much each head looks at each letter so far."""
        keys, values, scores, looks = [], [], [], []
        for place, letter in enumerate(letters):
            x = norm(plus(self.letter(letter), self.place(place)))
            unit = norm(x)
            query = self.query(unit)
            keys.append(self.key(unit))
            values.append(self.value(unit))
            look = [nn.softmax([dot(query[h], key[h]) / 2 for key in keys]) for h in HEADS]  # 2 is √4
            taken = [dot(look[i], column) for i, h in enumerate(HEADS) for column in columns(v[h] for v in values)]
            x = plus(x, self.join(taken))
            x = plus(x, self.narrow(nn.relu(self.widen(norm(x)))))
            scores.append(self.tell(x))
            looks.append(look)
        return scores, looks


def loss(scores, following):
    """The mean over names of the mean over their letters."""
    return reduce(add, map(nn.cross_entropy, scores, following)) / len(following)


# The training: each step draws some names, and the rate falls from step to step. The seconds are the processor's.

model = GPT()
optimizer = nn.Adam(model.parameters(), lr=0.01, betas=(0.85, 0.99))
options = {"steps_per_epoch": 1, "schedule": nn.LinearLR(optimizer, 1.0, 0.0, total_iters=args.steps), "jit": args.jit}
start = time.process_time()
history = nn.fit(model, loss, optimizer, *rows(known), epochs=args.steps, batch_size=args.batch, **options)
seconds = time.process_time() - start
if not history.loss:
    raise SystemExit("stopped before the first step was taken")
speed = len(history.loss) * min(args.batch, len(known)) * mean(len(name) + 1 for name in known) / seconds
print(f"{len(model.parameters())} parameters, {seconds:.1f} s, or {speed:,.0f} letters a second")
some = held_out if args.jit else held_out[:50]
held_out_loss = nn.evaluate(model, loss, *rows(some), jit=args.jit)["loss"]
print(f"loss {history.loss[0]:.2f} -> {mean(history.loss[-100:]):.2f}, held out {held_out_loss:.2f}")

# New names, letter by letter. The lower the temperature, the surer it goes for what is likely.

compiled = jit(model)


def scores_after(text):
    letters = numbers(text)
    if args.jit:
        return compiled([filled(letters, 0)])[0, len(letters) - 1]
    return [score.data for score in model(letters)[-1]]


def dream():
    name = ""
    while len(name) < LONGEST:
        chances = nn.softmax([score / (args.temperature or 1e-9) for score in scores_after(f".{name}")])
        (letter,) = random.choices(ALPHABET[not name :], chances[not name :])  # no name is empty
        if letter == ".":
            break
        name += letter
    return name


dreams = [dream() for _ in range(20)]
print(*dreams[:10])
print(*dreams[10:])
print(f"{len({*dreams} - {*known, *held_out})} of these 20 are new")

# Where it looks while it reads a name that it does not know, and what that did to the letter that surprised it most.

name = held_out[0]
scores, looks = model.read(numbers(f".{name}"))
losses = [-nn.log_softmax(row)[letter] for row, letter in zip(scores, numbers(f"{name}."), strict=True)]
explain_surprise(f".{name}", losses, looks, model)
draw(f".{name}", looks, args.out / "microgpt.svg")
