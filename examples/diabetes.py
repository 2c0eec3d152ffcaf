"""Regression on diabetes: a neuron is least squares, and with weight decay it is ridge regression."""

import random

import matplotlib.pyplot as plt
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from micrograd.nn import MLP, SGD, Neuron, fit, mse_loss, predict
from shared.options import options
from shared.pictures import save

args = options(__doc__, steps=1000, seed=1, alpha=20.0)
data = load_diabetes(scaled=False)
X, X_new, y, y_new = train_test_split(data.data, data.target, test_size=0.25, random_state=args.seed)
scale, mean, spread = StandardScaler().fit(X), y.mean(), y.std()
X, X_new, y, y_new = scale.transform(X), scale.transform(X_new), (y - mean) / spread, (y_new - mean) / spread
decay = 2 * args.alpha / len(X)  # Ridge adds alpha times the squares to a sum of errors, and we to their mean


def trained(model, weight_decay=0.0):
    optimizer = SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=weight_decay)
    fit(model, mse_loss, optimizer, X, y, epochs=args.steps, jit=True, progress=False)
    return model


random.seed(args.seed)
least, ridge = trained(Neuron(10, nonlin=False)), trained(Neuron(10, nonlin=False), decay)
network = trained(MLP(10, [8, 1], nonlin="tanh", init="glorot"), decay)
theirs = LinearRegression().fit(X, y), Ridge(args.alpha).fit(X, y)

print("R²                            training  held out")
for name, guess in {
    "LinearRegression": theirs[0].predict,
    "a neuron": lambda X: predict(least, X),
    "Ridge": theirs[1].predict,
    "a neuron with weight decay": lambda X: predict(ridge, X),
    "a network with weight decay": lambda X: predict(network, X),
}.items():
    print(f"{name:<28}   {r2_score(y, guess(X)):.4f}    {r2_score(y_new, guess(X_new)):.4f}")

figure, ax = plt.subplots()
for neuron, model, color, name in ((least, theirs[0], "C0", "least squares"), (ridge, theirs[1], "C1", "ridge")):
    ax.plot(model.coef_, data.feature_names, "o", color=color, markersize=11, fillstyle="none")
    ax.plot([w.data for w in neuron.w], data.feature_names, "o", color=color, markersize=5, label=name)
ax.axvline(0, color="black", linewidth=0.8, zorder=0)
ax.set_title("Weights: our dots in scikit-learn's rings")
ax.legend()
save(figure, args.out / "diabetes.svg")
