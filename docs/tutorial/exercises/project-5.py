"""It reads."""

# %% start
# Make scribbles, and train a model with them: from 25 numbers to five scores.
random.seed(0)
X, y = scribbles(50)
model = MLP(25, [5, 5])

# %% hint
# 150 scribbles, ten hidden neurons, batches of ten, Adam with a rate of 0.03, a dozen epochs. Print the loss of each
# epoch: if it hardly falls, something is wrong.

# %% check
random.seed(924731)
new_X, new_y = scribbles(300)
answers = [model(list(x)) for x in new_X]
assert all(isinstance(scores, list) and len(scores) == 5 for scores in answers), (
    "For a picture, model must give five scores."
)
assert all(isinstance(score, Value) for score in answers[0]), "The scores must be Values: model is a network."
said = [max(range(5), key=lambda k: scores[k].data) for scores in answers]
read = [sum(s == t for s, t in zip(said, new_y) if t == k) / 60 for k in range(5)]
share = sum(read) / 5
assert len(set(said)) > 1, f"It says {'CLOTX'[said[0]]} to all 300 pictures. Has it been trained?"
assert hasattr(model, "parameters"), "model must be a network, with parameters that have been learned."
weakest = "CLOTX"[min(range(5), key=lambda k: read[k])]
assert share >= 0.9, (
    f"Of 300 new scribbles it reads {share:.0%}, and 90 % are wanted. It has the most trouble with {weakest}. "
    + (
        "That is about what guessing gives: has it been trained?"
        if share < 0.4
        else "What helps: more scribbles, more epochs."
    )
)
random.seed(36)
again_X, again_y = scribbles(300)
share = share_correct(model, again_X, again_y)
assert share >= 0.87, f"Of one set of 300 new scribbles it reads enough, and of another set only {share:.0%}."

# %% wrong
random.seed(0)
model = MLP(25, [10, 5])


# %% wrong
def model(x):
    return [Value(1.0), Value(0.0), Value(0.0), Value(0.0), Value(0.0)]


# %% wrong
random.seed(0)
X, y = scribbles(10)
model = MLP(25, [4, 5])
train(model, cross_entropy, X, y, steps=60, rate=0.1)

# %% wrong
random.seed(0)
X, y = scribbles(150)
model = MLP(25, [10, 5])
train(model, cross_entropy, X, y, steps=2, rate=0.01)

# %% wrong
random.seed(0)
X, y = scribbles(60)
model = MLP(25, [10, 1])
train(model, mean_squared_error, X, y, steps=5, rate=0.01)
