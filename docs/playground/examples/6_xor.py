"""Train a network: exclusive or."""

import random

from micrograd.nn import MLP, SGD, fit, hinge_loss

random.seed(1337)
X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
y = [-1, 1, 1, -1]

model = MLP(2, [8, 1])
optimizer = SGD(model.parameters(), lr=0.1)
for _ in range(5):
    history = fit(model, hinge_loss, optimizer, X, y, epochs=20)
    print(f"after {optimizer.t:3} steps the loss is {history.loss[-1]:.4f}")

for row in X:
    print(row, "->", f"{model(row).data:+.2f}")
