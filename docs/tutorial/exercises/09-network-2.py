"""Both the same."""

# %% start
# Nine numbers for a network that says 1 when both switches are the same, and 0 otherwise. These are for exclusive or.

numbers = [1.0, 1.0, 0.0, 1.0, 1.0, -1.0, 1.0, -2.0, 0.0]

# %% hint
# "The same" is one minus exclusive or. The last three numbers are the two weights and the bias of the last neuron.

# %% check
assert isinstance(numbers, list | tuple), f"numbers is {numbers!r:.60}: a list of nine numbers is asked for."
assert len(numbers) == 9, f"There are nine parameters, and these are {len(numbers)} numbers."
assert all(isinstance(number, int | float) for number in numbers), "Something in the list is no number."
same = MLP(2, [2, 1])
set_parameters(same, numbers)
for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
    said = same([a, b]).data
    assert abs(said - (a == b)) < 1e-9, f"For the switches {a} and {b} it says {said:g}."

# %% wrong
numbers = [1.0, 1.0, 0.0, 1.0, 1.0, -1.0, -1.0, 2.0, 0.0]

# %% wrong
numbers = [1.0, 1.0, 0.0, 1.0, 1.0, -1.0, 1.0, -2.0, 1.0]

# %% wrong
numbers = [-1.0, -1.0, 0.0, -1.0, -1.0, 1.0, -1.0, 2.0, 1.0]

# %% wrong
numbers = [1.0, 1.0, 0.0, 1.0, 1.0, -1.0, -1.0, 2.0]

# %% wrong
numbers = [1.0, 1.0, 0.0, 1.0, 1.0, -1.0, ..., ..., ...]

# %% right
numbers = (1, 1, -1, -1, -1, 1, 1, 1, 0)

# %% right
numbers = [1, -1, 0, -1, 1, 0, -1, -1, 1]
