"""What a GPT looks at: a picture, and the reasons for the loss of a letter."""

from pathlib import Path

import matplotlib.pyplot as plt

from micrograd.engine import Value, operands
from micrograd.nn import Module
from micrograd.viz import explain
from micrograd.viz.style import LIGHT
from shared.pictures import save


def draw(name: str, looks: list[list[list[Value]]], path: Path) -> None:
    """Draw a field for each head. A row is a letter, and shows how much the head looks from there at each letter."""
    places = range(len(looks))
    figure, axes = plt.subplots(2, 2, figsize=(5.2, 5.4))
    for head, ax in enumerate(axes.flat):
        for row in places:
            for column, share in enumerate(looks[row][head]):
                ax.barh(row, 0.94, 0.94, column - 0.47, color=LIGHT["none"])
                ax.barh(row, 0.94, 0.94, column - 0.47, color="#2d72f5", alpha=share.data)
        ax.set(title=f"head {head + 1}", aspect="equal", xlim=(-0.5, len(looks) - 0.5), ylim=(len(looks) - 0.5, -0.5))
        ax.set(xticks=places, xticklabels=name, yticks=places, yticklabels=name)
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
    save(figure, path)


def explain_surprise(name: str, losses: list[Value], looks: list[list[list[Value]]], model: Module) -> None:
    """Print of the letter that was expected least which looks mattered to its loss, and through which weights.

    Args:
        name: The letters that were read, with the dot in front.
        losses: That of the letter that follows each of them.
        looks: From each of them, for each head, how much it looks at each letter so far.
        model: Says what the weights are called.
    """
    loss = max(losses[1:])  # from the dot in front there is nothing to look at but itself
    place = losses.index(loss)
    loss.backward()
    print(f"expected least: {f'{name}.'[place + 1]} after {name[: place + 1]}, loss {loss:.2f}")
    of_letters = [sum(share.data * share.grad for share in column) for column in zip(*looks[place], strict=True)]
    print("looks times derivatives:", *(f"{a} {part:+.2f}" for a, part in zip(name, of_letters, strict=False)))

    shares = [(share, head, seen) for head, look in enumerate(looks[place]) for seen, share in enumerate(look)]
    share, head, seen = max(shares, key=lambda each: abs(each[0].data * each[0].grad))
    why = explain(share, loss, labels=model)
    print(f"head {head + 1} looks at {name[seen]}, {share:.2f}, with the derivative {why.gradient:+.2f}, the sum of")
    for path in why.paths:
        weights = [why.names[node] for step in path.steps for node in operands(step.result) if node in why.names]
        print(f"  {path.contribution:+.2f} through {', '.join(reversed(weights))}")
    print(f"  {why.rest:+.2f} through {why.others:,} more paths")
