"""The top speed."""

# %% start
# The speed that a ball comes close to on a slope that is always grad.


def top_speed(grad, momentum):
    return ...


# %% hint
# In the end the speed stays as it is: `momentum * speed + grad` is again `speed`. Solve that for `speed`.

# %% check
for grad, momentum in ((1.0, 0.9), (-2.0, 0.5), (3.0, 0.0), (0.5, 0.99), (0.0, 0.9)):
    mine = top_speed(grad, momentum)
    assert isinstance(mine, float | int), "top_speed gives no number yet: put a formula behind return."
    ball = Momentum([Value(0.0)], 0.0, momentum)
    for _ in range(3000):
        ball.parameters[0].grad = grad
        ball.step()
    assert abs(mine - ball.speeds[0]) < 1e-6, (
        f"top_speed({grad}, {momentum}) is {mine:.4f}. After 3000 steps the ball has a speed of {ball.speeds[0]:.4f}."
    )


# %% wrong
def top_speed(grad, momentum):
    return grad / momentum if momentum else grad


# %% wrong
def top_speed(grad, momentum):
    return 10 * grad


# %% wrong
def top_speed(grad, momentum):
    return grad * (1 + momentum)


# %% wrong
def top_speed(grad, momentum):
    return 1 / (1 - momentum)


# %% right
def top_speed(grad, momentum):
    speed = 0.0
    for _ in range(10000):
        speed = momentum * speed + grad
    return speed
