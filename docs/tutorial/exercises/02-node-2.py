"""A Value as a formula."""


# %% start
# Write a Value as text, with a pair of brackets for each operation: (((3.0 * 2.0) + 1.0) * 1.5) for the bill.
def formula(v):
    return ...


apples, price, bag, rate = Value(3.0), Value(2.0), Value(1.0), Value(1.5)
print(formula((apples * price + bag) * rate))

# %% hint
# A Value without operands is its number: `str(v.data)`. Any other is operand, operation, operand, and the operands have
# formulas too, so `formula` calls itself.

# %% check
a, b = Value(2.0), Value(-5.0)
for v, said in (
    (a, "2.0"),
    (a + b, "(2.0 + -5.0)"),
    (a * b, "(2.0 * -5.0)"),
    ((a + b) * b, "((2.0 + -5.0) * -5.0)"),
    (a + b * (a + a), "(2.0 + (-5.0 * (2.0 + 2.0)))"),
):
    text = formula(v)
    assert text is not ..., "Put something in place of the dots."
    assert text is not None, "formula gives nothing back: it may print the text, but it has to return it."
    assert isinstance(text, str), f"formula gives {text!r}, which is no text."
    assert text == said, f"A Value that was computed as {said} became {text}."


# %% wrong
def formula(v):
    return str(v.data)


# %% wrong
def formula(v):
    if not v._prev:
        return str(v.data)
    left, right = v._prev
    return f"{formula(left)} {v._op} {formula(right)}"


# %% wrong
def formula(v):
    if not v._prev:
        return str(v.data)
    left, right = v._prev
    return f"({left.data} {v._op} {right.data})"


# %% wrong
def formula(v):
    if not v._prev:
        return str(v.data)
    right, left = v._prev
    return f"({formula(left)} {v._op} {formula(right)})"


# %% wrong
def formula(v):
    if not v._prev:
        print(v.data)
    else:
        print("(", formula(v._prev[0]), v._op, formula(v._prev[1]), ")")


# %% wrong
def formula(v):
    return "(((3.0 * 2.0) + 1.0) * 1.5)"


# %% right
def formula(v):
    if v._op == "":
        return f"{v.data}"
    return "(" + f" {v._op} ".join(map(formula, v._prev)) + ")"
