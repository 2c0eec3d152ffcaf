"""Iris, wine or digits: a network beside scikit-learn's, on the same samples, and what each of them gets wrong."""

import random

import matplotlib.pyplot as plt
import numpy as np
from sklearn import datasets
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from micrograd.nn import MLP, AdamW, cross_entropy, fit, predict
from shared.options import options
from shared.pictures import save

args = options(__doc__, data=("iris", "wine", "digits"), steps=400, seed=0)
X, y = getattr(datasets, f"load_{args.data}")(return_X_y=True)
X, X_new, y, y_new = train_test_split(X, y, test_size=0.3, stratify=y, random_state=args.seed)
scale = StandardScaler().fit(X)
X, X_new = scale.transform(X), scale.transform(X_new)
inputs, classes = X.shape[1], len(set(y))
print(f"{args.data}: {len(X)} samples of {inputs} numbers to learn {classes} classes from, {len(X_new)} held out")

random.seed(args.seed)
network = MLP(inputs, [32, classes], init="glorot")
optimizer = AdamW(network.parameters(), lr=0.01, weight_decay=0.1)
fit(network, cross_entropy, optimizer, X, y, epochs=args.steps, jit=True, progress=False)

theirs = LogisticRegression(), MLPClassifier([32], max_iter=1000, random_state=args.seed)
found = {type(model).__name__: model.fit(X, y).predict(X_new) for model in theirs}
found["micrograd's MLP"] = said = np.argmax(predict(network, X_new), axis=1)
for name, classes_found in found.items():
    right = classes_found == y_new
    print(f"{name:<20} {right.sum()} of {right.size} right, {right.mean():.1%}")

figure, ax = plt.subplots()
plane = PCA(2).fit(X).transform(X_new)
for label in range(classes):
    ax.scatter(*plane[y_new == label].T, marker=f"${label}$", s=55, linewidth=0, color=f"C{label % 5}")
ax.scatter(*plane[said != y_new].T, s=220, facecolor="none", edgecolor="black")
ax.set(xticks=[], yticks=[], title=f"{args.data}, held out; rings are our mistakes")
save(figure, args.out / "classify.svg")
