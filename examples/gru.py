"""A recurrent network learns to repeat what it heard three steps ago; a picture shows what it keeps in mind."""

import random

import matplotlib.pyplot as plt
import numpy as np

from micrograd.engine.jit import jit
from micrograd.nn import Adam, Linear, Module, binary_cross_entropy_with_logits
from shared.options import options
from shared.pictures import save

LATER = 3  # steps


class GRU(Module):
    """A gated recurrent unit: in each step it hears a number, changes some of its state, and says a number."""

    def __init__(self, size):
        self.size = size
        self.update, self.reset, self.think = (Linear(1 + size, size) for _ in range(3))
        self.say = Linear(size, 1)

    def __call__(self, heard):
        return [self.say(state)[0] for state in self.states(heard)]

    def states(self, heard):
        state = [0.0] * self.size
        for x in heard:
            update = [v.sigmoid() for v in self.update([x, *state])]
            reset = [v.sigmoid() for v in self.reset([x, *state])]
            new = [v.tanh() for v in self.think([x, *(r * s for r, s in zip(reset, state, strict=True))])]
            state = [s + u * (n - s) for s, u, n in zip(state, update, new, strict=True)]
            yield state


args = options(__doc__, steps=400, seed=1)
random.seed(args.seed)
rng = np.random.default_rng(args.seed)
model = GRU(8)
echo_loss = jit(lambda bits: binary_cross_entropy_with_logits(model(bits)[LATER:], bits[:-LATER]))
optimizer = Adam(model.parameters(), lr=0.02)
for step in range(args.steps):
    optimizer.zero_grad()
    losses = echo_loss.backward(rng.integers(0, 2, (32, 12)))  # 32 new sequences of 12 bits
    optimizer.step()
    if step % 50 == 0 or step == args.steps - 1:
        print(f"step {step:3}: loss {losses.mean():.4f}")

bits = rng.integers(0, 2, (1000, 120))
said = jit(model)(bits) > 0
right = said[:, LATER:] == bits[:, :-LATER]
print(f"in 1,000 sequences, ten times as long: {right.mean():.2%} of {right.size:,} bits are right")
states = jit(lambda heard: list(model.states(heard)))(bits[:1, :24])[0]
rows = np.vstack([2 * said[0, :24] - 1, states.T, 2 * bits[0, :24] - 1])
ax = plt.figure().subplots()
ax.scatter(*np.indices(rows.shape)[::-1], 70 * abs(rows), np.where(rows > 0, "C0", "C1").ravel(), marker="s")
ax.set(xlabel="step", yticks=[0, 4.5, 9], yticklabels=["said", "state", "heard"])
save(ax.figure, args.out / "gru.svg")
