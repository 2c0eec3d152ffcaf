"""Exclusive or on one screen: data, a model, a loop by hand, and what was learned."""

import random

import matplotlib.pyplot as plt

from micrograd.nn import MLP, SGD, hinge_loss
from micrograd.viz import plot_decision_boundary
from shared.options import options
from shared.pictures import save

args = options(__doc__, steps=100, seed=3)
random.seed(args.seed)
X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
y = [-1, 1, 1, -1]  # 1 where one of the two is 1

model = MLP(2, [8, 1])
optimizer = SGD(model.parameters(), lr=0.1)
for step in range(args.steps):
    loss = hinge_loss([model(x) for x in X], y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        print(f"step {step:2}: loss {loss.data:.4f}")

for x in X:
    print(x, "->", f"{model(x).data:+.2f}")
ax = plot_decision_boundary(model, X, y, plt.figure().subplots())
save(ax.figure, args.out / "xor.svg")
