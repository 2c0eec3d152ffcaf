"""Twenty steps of the classic moons demo, written for the classic micrograd; it runs unchanged on either one.

Reads {"X": ..., "y": ...} as JSON from standard input and prints what happened as JSON.
"""

import gc
import json
import random
import sys

from micrograd.engine import Value
from micrograd.nn import MLP


def count_nodes(root):
    seen, todo = {root}, [root]
    while todo:
        for child in todo.pop()._prev:
            if child not in seen:
                seen.add(child)
                todo.append(child)
    return len(seen)


def main():
    data = json.load(sys.stdin)
    X, y = data["X"], data["y"]
    random.seed(1337)
    model = MLP(2, [16, 16, 1])
    report = {"repr": repr(model), "weights": [p.data for p in model.parameters()], "losses": [], "accuracies": []}

    gc.disable()  # the classic engine's graphs are cyclic: one collection a step, not hundreds
    for k in range(20):
        inputs = [list(map(Value, xrow)) for xrow in X]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        reg_loss = 1e-4 * sum(p * p for p in model.parameters())
        total_loss = data_loss + reg_loss

        model.zero_grad()
        total_loss.backward()
        learning_rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= learning_rate * p.grad

        right = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(y, scores, strict=True)]
        report["losses"].append(total_loss.data)
        report["accuracies"].append(sum(right) / len(right))
        report["nodes"] = count_nodes(total_loss)
        del inputs, scores, losses, data_loss, reg_loss, total_loss
        gc.collect()
    print(json.dumps(report))


if __name__ == "__main__":
    main()
