"""A function of the bundle adjustment's arrays that gives as many results and computes next to nothing.

What a call of it takes, a call of the bundle adjustment spends on moving data.
"""

from programs.bundle import ARRAYS, RESULTS


def micrograd():
    from micrograd.engine.jit import jit

    def doubled(camera, point, weight, seen):
        taken = [*camera, *point, weight, *seen]
        return [2 * value for value in (taken * 2)[:RESULTS]]

    compiled = jit(doubled)
    return lambda: compiled(*ARRAYS), lambda results: results.ravel().tolist()


PROGRAMS = {"micrograd": micrograd}
