"""A compiled function has the habits of a function: a name, keywords, methods, copies and pickles."""

import copy
import gc
import inspect
import pickle
import weakref

import pytest

from micrograd.engine import Value
from micrograd.engine.jit import jit
from micrograd.nn import MLP, Module

factor = Value(3.0)


@jit
def scaled(x, by=2.0):
    """`x` times `by` times the factor."""
    return x * by * factor


class Line(Module):
    def __init__(self, slope):
        self.w = Value(slope)
        self.compiled = jit(self.forward)

    def forward(self, x):
        return self.w * x

    @property
    @jit
    def slope(self):
        return self.w * 1.0

    @jit
    def shifted(self, x, by):
        """The line, shifted."""
        return self.w * x + by

    def __eq__(self, other):  # by value: with other parameters it may still be equal
        return isinstance(other, Line)

    __hash__ = None


def doubled(x):
    return x * 2.0


def test_it_has_name_documentation_and_signature():
    assert (scaled.__name__, scaled.__qualname__, scaled.__module__) == ("scaled", "scaled", __name__)
    assert scaled.__doc__ == "`x` times `by` times the factor."
    assert str(inspect.signature(scaled)) == "(x, by=2.0)"
    assert scaled.__wrapped__(1.0).data == 6.0
    assert Line(1.0).shifted.__name__ == "shifted"
    assert str(inspect.signature(Line(1.0).shifted)) == "(x, by)"


@pytest.mark.parametrize(
    ("arguments", "keywords", "expected"),
    [
        (([1.0, 2.0],), {}, [6.0, 12.0]),
        ((), {"x": [1.0, 2.0]}, [6.0, 12.0]),
        (([1.0, 2.0],), {"by": 10.0}, [30.0, 60.0]),
        ((), {"by": [10.0, 20.0], "x": [1.0, 2.0]}, [30.0, 120.0]),
    ],
)
def test_arguments_by_name(arguments, keywords, expected):
    assert scaled(*arguments, **keywords).tolist() == expected


def test_arguments_that_have_only_a_name():
    f = jit(lambda x, *, y, **more: x + 10 * y[0] + 100 * y[1] + 1000 * more["self"])
    assert f([1.0, 2.0], y=[[3.0, 4.0], [5.0, 6.0]], self=7.0).tolist() == [7431.0, 7652.0]
    assert f.backward(x=1.0, self=2.0, y=[[0.0, 0.0]]).tolist() == [2001.0]


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({}, "missing 1 required positional argument: 'x'"),
        ({"z": 1.0}, "missing a required argument: 'x'"),
        ({"x": 1.0, "z": 1.0}, "unexpected keyword argument 'z'"),
        ({"x": "a"}, "must be real numbers, got 'a'"),
    ],
)
def test_wrong_names_are_refused(keywords, message):
    with pytest.raises(TypeError, match=message):
        scaled(**keywords)


def test_arguments_that_have_only_a_name_are_called_by_it():
    f = jit(lambda x, *, y: x * y)
    with pytest.raises(TypeError, match="argument y of a compiled function must be real numbers, got 'a'"):
        f(1.0, y="a")
    with pytest.raises(ValueError, match="2 in argument 0, 3 in argument y"):
        f([1.0, 2.0], y=[1.0, 2.0, 3.0])


def test_a_method_is_compiled_for_each_instance():
    one, other = Line(2.0), Line(5.0)
    assert one.shifted([1.0, 2.0], 1.0).tolist() == [3.0, 5.0]
    assert other.shifted([1.0, 2.0], by=1.0).tolist() == [6.0, 11.0]
    other.shifted.backward([1.0, 3.0], 0.0)
    assert (one.w.grad, other.w.grad) == (0.0, 2.0)
    assert one.shifted.stats.instructions > 0
    assert isinstance(Line.shifted, type(scaled))


@pytest.mark.parametrize(
    "call",
    [
        lambda line: Line.shifted(line, [1.0], 0.0),
        lambda line: Line.shifted(by=0.0, x=Value(1.0), self=line),
        lambda line: Line.shifted.backward(line, [1.0], 0.0),
        lambda line: line.slope,
    ],
    ids=["of the class", "by name", "backward", "a property"],
)
@pytest.mark.parametrize("kind", [Line, type("Steep", (Line,), {})])
def test_a_method_is_called_on_an_instance(call, kind):
    with pytest.raises(TypeError, match=r"Line\.(\w+) is compiled for each instance, .* instance\.\1\(\.\.\.\)"):
        call(kind(2.0))


def test_another_instance_is_a_wrong_argument():
    with pytest.raises(TypeError, match="argument 0 of a compiled function must be real numbers"):
        Line(1.0).shifted(Line(2.0), 0.0)


def test_it_shows_its_function():
    assert repr(scaled) == f"jit({scaled.__wrapped__!r})"
    assert "Line.shifted of" in repr(Line(1.0).shifted)
    assert repr(jit(MLP(2, [1]))).startswith("jit(MLP")


def test_a_method_is_traced_once():
    traced = []

    class Counting:
        @jit
        def f(self, x):
            traced.append(self)
            return x

    counting = Counting()
    for _ in range(3):
        counting.f([1.0])
        counting.f.backward([1.0])
    assert traced == [counting]


def test_an_instance_goes_when_nobody_needs_it():
    class Small:
        @jit
        def f(self, x):
            return x * self.w

    gc.disable()
    try:
        small = Small()
        small.w = Value(2.0)
        small.f([1.0])
        code, gone = weakref.ref(small.f._ran), weakref.ref(small)
        del small
        assert (gone(), code()) == (None, None)
    finally:
        gc.enable()


def test_static_methods_and_models_in_a_class():
    model = MLP(2, [1])

    class Holder:
        predict = jit(model)
        twice = staticmethod(jit(doubled))

        @jit
        @staticmethod
        def thrice(x):
            return x * 3.0

    holder = Holder()
    assert holder.predict([[1.0, 2.0]]).tolist() == jit(model)([[1.0, 2.0]]).tolist()
    assert holder.twice([1.0]).tolist() == [2.0]
    assert holder.thrice([1.0]).tolist() == [3.0]


def test_an_instance_without_weak_references_is_refused():
    class Slotted:
        __slots__ = ("w",)

        @jit
        def f(self, x):
            return x

    with pytest.raises(TypeError, match=r"add '__weakref__' to the __slots__ of .*Slotted"):
        Slotted().f([1.0])


COPIES = {"copy": copy.copy, "deepcopy": copy.deepcopy, "pickle": lambda thing: pickle.loads(pickle.dumps(thing))}


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("called", [False, True], ids=["new", "called"])
def test_copies_of_a_function(way, called):
    f = jit(doubled, width=2)
    if called:
        f([1.0])
    copied = COPIES[way](f)
    assert copied is not f
    with pytest.raises(RuntimeError, match="nothing has been compiled yet"):
        _ = copied.program
    assert copied([1.0, 2.0]).tolist() == [2.0, 4.0]
    assert copied.stats.width == 2


@pytest.mark.parametrize("way", ["deepcopy", "pickle"])
def test_copies_of_a_module_that_holds_one(way):
    line = Line(2.0)
    line.compiled([1.0])
    line.shifted([1.0], 0.0)
    copied = COPIES[way](line)
    copied.w.data = 7.0
    assert copied.compiled([1.0]).tolist() == copied.shifted([1.0], 0.0).tolist() == [7.0]
    assert line.compiled([1.0]).tolist() == line.shifted([1.0], 0.0).tolist() == [2.0]


@pytest.mark.parametrize("way", ["deepcopy", "pickle"])
@pytest.mark.parametrize(("name", "arguments"), [("compiled", ([1.0],)), ("shifted", ([1.0], 0.0))])
def test_copies_of_a_bound_method(way, name, arguments):
    line = Line(2.0)
    copied = COPIES[way](getattr(line, name))
    line.w.data = 7.0
    assert copied(*arguments).tolist() == [2.0]


def test_a_decorated_function_is_pickled_by_its_name():
    assert pickle.loads(pickle.dumps(scaled)) is scaled
    assert pickle.loads(pickle.dumps(Line.shifted)) is Line.shifted


def test_a_decorated_function_is_copied():
    copied = copy.deepcopy(scaled)
    assert copied is not scaled
    assert copied([1.0]).tolist() == [6.0]


def test_a_function_without_a_name_cannot_be_pickled():
    with pytest.raises(pickle.PicklingError, match=r"cannot pickle a compiled function .*<lambda>.* write it with def"):
        pickle.dumps(jit(lambda x: x))
    assert copy.deepcopy(jit(lambda x: x))([1.0]).tolist() == [1.0]
