"""How well our networks learn, beside scikit-learn's: five data sets that it has, five seeds.

    python benchmarks/accuracy.py

Both have the same layers, Glorot's start, Adam with the same settings, and the same samples to learn from, in batches
of the same size, but their own random numbers. What is printed is the part of the held-out samples that is right, or
for diabetes the part of the variance that is explained, as a mean over the seeds; and by how much the two means differ,
in standard errors of their difference.
"""

import random
import statistics
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler, scale

from micrograd.nn import MLP, Adam, accuracy, binary_cross_entropy_with_logits, cross_entropy, fit, mse_loss, predict

SEEDS, BATCH, LR = 5, 32, 0.01


@dataclass(frozen=True)
class Problem:
    """What is to be learnt, and with which network.

    Attributes:
        load: Gives samples and targets.
        outputs: The number of classes, or 1 for two classes, as for a number.
        loss: Ours of a batch; scikit-learn's follows from the kind of its estimator.
        score: Of predictions and targets.
        estimator: The one of scikit-learn.
        hidden: The size of the hidden layer.
        epochs: How many times to go through the samples.
        alpha: Half of it times the sum of the squared weights, but not the biases, is added to the sum of the losses of
            a batch.
    """

    load: Callable[..., Any]
    outputs: int
    loss: Callable[..., Any] = cross_entropy
    score: Callable[..., float] = accuracy
    estimator: Callable[..., Any] = MLPClassifier
    hidden: int = 16
    epochs: int = 60
    alpha: float = 0.1


def half_squares(predictions, targets):
    return 0.5 * mse_loss(predictions, targets)


def explained(predictions, targets):
    return r2_score(targets, predictions)


PROBLEMS = {
    "digits": Problem(load_digits, 10, hidden=32, epochs=20),
    "iris": Problem(load_iris, 3),
    "wine": Problem(load_wine, 3),
    "breast cancer": Problem(load_breast_cancer, 1, binary_cross_entropy_with_logits),
    "diabetes": Problem(load_diabetes, 1, half_squares, explained, MLPRegressor, alpha=3.0),
}


def samples(problem, seed):
    """Samples to learn from and others, then the targets of both; all but classes have mean 0 and variance 1."""
    X, y = problem.load(return_X_y=True)
    classes = y if problem.estimator is MLPClassifier else None
    X, X_new, y, y_new = train_test_split(X, scale(y) if classes is None else y, stratify=classes, random_state=seed)
    scaler = StandardScaler().fit(X)
    return scaler.transform(X), scaler.transform(X_new), y, y_new


def ours(problem, seed):
    """The score of our network on the held-out samples."""
    X, X_new, y, y_new = samples(problem, seed)
    random.seed(seed)
    model = MLP(X.shape[1], [problem.hidden, problem.outputs], init="glorot")
    weights, biases = [], []
    for name, parameter in model.named_parameters():
        (biases if name.endswith(".b") else weights).append(parameter)
    optimizer = Adam([{"params": weights, "weight_decay": problem.alpha / BATCH}, {"params": biases}], lr=LR)
    fit(model, problem.loss, optimizer, X, y, problem.epochs, BATCH, seed=seed, progress=False, jit=True)
    return problem.score(predict(model, X_new, jit=True), y_new)


def theirs(problem, seed):
    """The score of scikit-learn's."""
    X, X_new, y, y_new = samples(problem, seed)
    estimator = problem.estimator(
        hidden_layer_sizes=[problem.hidden],
        alpha=problem.alpha,
        batch_size=BATCH,
        learning_rate_init=LR,
        max_iter=problem.epochs,
        n_iter_no_change=problem.epochs,  # so that it does not stop before
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it would go on for longer
        return estimator.fit(X, y).score(X_new, y_new)


def compare(name):
    """The means of both, and the standard error of their difference."""
    scores = [[learn(PROBLEMS[name], seed) for seed in range(SEEDS)] for learn in (ours, theirs)]
    error = (sum(map(statistics.variance, scores)) / SEEDS) ** 0.5
    return *map(statistics.mean, scores), error


def main():
    print(f"{'':14}{'micrograd':>12}{'scikit-learn':>15}{'difference':>13}")
    for name in PROBLEMS:
        our, their, error = compare(name)
        print(f"{name:14}{our:12.4f}{their:15.4f}{(our - their) / error:+8.2f} s.e.", flush=True)


if __name__ == "__main__":
    main()
