"""Logistic regression by Newton's method: the Hessian says how far to go, and a handful of steps is enough."""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from micrograd.engine import assign, grad, hessian
from micrograd.engine.jit import jit
from micrograd.nn import Neuron, binary_cross_entropy_with_logits
from shared.options import options
from shared.pictures import save

args = options(__doc__, steps=10)
X, y = load_breast_cancer(return_X_y=True)
X = StandardScaler().fit_transform(X[:, [0, 1, 27]])  # mean radius, mean texture, and the worst concave points

neuron = Neuron(3, nonlin=False)
parameters = neuron.parameters()


@jit
def derivatives(x, t):
    loss = binary_cross_entropy_with_logits([neuron(x)], [t])
    return loss, grad(loss, parameters), hessian(loss, parameters)


def descend(direction, steps):
    at, sizes = np.zeros(len(parameters)), []
    for _ in range(steps):
        assign((parameters, "data", at.tolist()))
        loss, gradient, curvature = (part.mean(axis=0) for part in derivatives(X, y))
        at -= direction(gradient, curvature)
        sizes.append(np.linalg.norm(gradient))
    print(f"loss {loss:.10f}, gradient {sizes[-1]:.1e} after {steps} steps")
    return at, sizes


_, slow = descend(lambda gradient, _: 2.0 * gradient, 100 * args.steps)
found, fast = descend(lambda gradient, curvature: np.linalg.solve(curvature, gradient), args.steps)
theirs = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10).fit(X, y)
difference = abs(found - [*theirs.coef_[0], *theirs.intercept_]).max()
print(f"weights {found.round(4).tolist()}, within {difference:.0e} of scikit-learn's")

figure, ax = plt.subplots()
ax.loglog(range(1, len(slow) + 1), slow, label="gradient descent")
ax.loglog(range(1, len(fast) + 1), fast, "o-", label="Newton's method")
ax.set(xlabel="step", title="Size of the gradient")
ax.legend()
save(figure, args.out / "newton.svg")
