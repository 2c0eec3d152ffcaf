"""Whole training steps as machine code: forward, backward and the optimiser's update, many of them in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from numpy.typing import ArrayLike

from micrograd.engine.gradients import grad
from micrograd.engine.jit.arrays import numbers, pack, samples, whole_vectors
from micrograd.engine.jit.lower import CUT, lower, module
from micrograd.engine.jit.machine import Machine, vector_width
from micrograd.engine.jit.program import compile_graph
from micrograd.engine.jit.trace import Traced, trace
from micrograd.engine.value import Value

Rule = Callable[[Value, Value, tuple[Value, ...], Value, Value], tuple[Value, tuple[Value, ...]]]


class Trainer:
    """A training step, compiled: forward, backward and update.

    Args:
        f: The loss of one sample; `f(*arguments)` returns one Value.
        arrays: The arguments for all samples, each (samples,) or (samples, n).
        parameters: The leaves to train.
        rule: `rule(p, g, state, t, lr) -> (new p, new state)` in operations on Values.
        slots: How many numbers `state` has for a parameter.
        width: How many samples to compute at once; by default as many doubles as the processor has lanes.
        cut: How many instructions to put into one LLVM function.

    Raises:
        TypeError: If `f` returns a list.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        arrays: Sequence[ArrayLike],
        parameters: Sequence[Value],
        rule: Rule,
        slots: int,
        *,
        width: int | None = None,
        cut: int = CUT,
    ) -> None:
        structure, self.arrays, self.samples = samples(arrays)
        self.width = width = width or vector_width()
        self.parameters = list(parameters)
        graph = trace(f, structure)
        if graph.many:
            raise TypeError(f"training takes a loss of one Value, this one returns {len(graph.outputs)}")
        (loss,) = graph.outputs
        trained = set(parameters)
        self.leaves = [*parameters, *(leaf for leaf in graph.leaves if leaf not in trained)]
        step = compile_graph(graph.inputs, [loss], grad(loss, parameters), self.leaves)
        p, g, t, lr = Traced(), Traced(), Value(0.0), Value(0.0)
        state = tuple(Traced() for _ in range(slots))
        changed, kept = rule(p, g, state, t, lr)
        update = compile_graph([p, *state, g], [changed, *kept], [], [t, lr])
        first = lower(step, width, "step", cut)
        second = lower(update, width, "update", cut)
        self.room = whole_vectors(len(self.leaves) + first.shared, width)
        self.hyper = 2 + second.shared
        self.ir = module([first, second], width, _loop(len(parameters), 1 + slots, self.room, self.hyper))
        self.random = step.random
        self.machine = Machine(self.ir, "train", "pppppppiiiiiu")
        self.memory = numbers(2 + slots, self.room)  # rows: parameters, what the rule keeps, gradients
        self.scratch = numbers(max(first.scratch, second.scratch))
        self.sums = numbers(len(parameters), width)

    def load(self, state: Sequence[Sequence[float]]) -> None:
        """Take the numbers of the leaves, and what the optimiser keeps for each parameter."""
        self.memory[0, : len(self.leaves)] = [leaf._data for leaf in self.leaves]
        for k, kept in enumerate(zip(*state, strict=True), 1):
            self.memory[k, : len(self.parameters)] = kept

    def run(
        self, orders: Sequence[list[int]] | None, batch: int, hyper: Sequence[tuple[int, float]], seed: int
    ) -> tuple[int, list[float]]:
        """Take a step for each row of `hyper`.

        Args:
            orders: For each round through the samples their order; None for rounds that all take them as they are.
            batch: How many samples one step takes; the last of a round may have fewer.
            hyper: For each step its number, counted from 1, and its learning rate.
            seed: For random draws.

        Returns:
            How many steps were taken, and the mean loss of each batch. They are fewer than asked for if a loss or a
            gradient was not finite; that step was not taken.
        """
        room = whole_vectors(self.samples, self.width)
        rounds = [list(range(self.samples))] if orders is None else orders
        rows = sum(1 if array.ndim == 1 else array.shape[1] for array in self.arrays)
        packed = numbers(rows, room * len(rounds) + self.width)  # the last vector of a batch may reach beyond it
        for i, order in enumerate(rounds):
            pack(packed[:, i * room : i * room + self.samples], [array[order] for array in self.arrays])
        numbered = numbers(len(hyper), self.hyper)
        numbered[:, :2] = hyper
        losses, out = numbers(len(hyper)), numbers(room)
        arrays = (packed, self.memory, numbered, out, self.sums, self.scratch, losses)
        jump = 0 if orders is None else room
        taken = self.machine.run(
            *[array.ctypes.data for array in arrays], packed.shape[1], self.samples, batch, len(hyper), jump, seed
        )
        return taken, losses[:taken].tolist()


def _loop(parameters: int, rows: int, room: int, hyper: int) -> str:
    """`train`: steps on one batch after the other. Row `rows` of the memory holds the gradients."""
    return f"""define i64 @train(ptr %in, ptr %memory, ptr %hyper, ptr %out, ptr %sums, ptr %scratch, ptr %losses,
                  i64 %stride, i64 %n, i64 %batch, i64 %steps, i64 %jump, i64 %seed) #0 {{
start:
  %gradients = getelementptr double, ptr %memory, i64 {rows * room}
  br label %step
step:
  %i = phi i64 [0, %start], [%i.next, %update]
  %at = phi i64 [0, %start], [%at.next, %update]
  %base = phi i64 [0, %start], [%base.next, %update]
  %left = sub i64 %n, %at
  %small = icmp slt i64 %left, %batch
  %count = select i1 %small, i64 %left, i64 %batch
  %column = add i64 %base, %at
  %here = getelementptr double, ptr %in, i64 %column
  %mix = mul i64 %i, 2862933555777941757
  %seed.i = add i64 %seed, %mix
  call void @step(ptr %here, ptr %memory, ptr %out, ptr %sums, ptr %scratch, ptr %gradients,
                  i64 %stride, i64 %count, i64 %seed.i)
  %total = call double @total(ptr %out, i64 %count, double 1.0)
  %count.f = sitofp i64 %count to double
  %loss = fdiv double %total, %count.f
  %loss.to = getelementptr double, ptr %losses, i64 %i
  store double %loss, ptr %loss.to, align 8
  %odd = call double @total(ptr %gradients, i64 {parameters}, double 0.0)
  %loss.odd = fmul double %loss, 0.0
  %both = fadd double %odd, %loss.odd
  %finite = fcmp oeq double %both, 0.0
  br i1 %finite, label %update, label %stop
update:
  %place = mul i64 %i, {hyper}
  %hyper.i = getelementptr double, ptr %hyper, i64 %place
  call void @update(ptr %memory, ptr %hyper.i, ptr %memory, ptr %sums, ptr %scratch, ptr null,
                    i64 {room}, i64 {parameters}, i64 0)
  %i.next = add i64 %i, 1
  %at.sum = add i64 %at, %count
  %round = icmp sge i64 %at.sum, %n
  %at.next = select i1 %round, i64 0, i64 %at.sum
  %base.sum = add i64 %base, %jump
  %base.next = select i1 %round, i64 %base.sum, i64 %base
  %more = icmp slt i64 %i.next, %steps
  br i1 %more, label %step, label %done
done:
  ret i64 %steps
stop:
  ret i64 %i
}}
define private double @total(ptr %from, i64 %count, double %factor) #0 {{
start:
  br label %loop
loop:
  %i = phi i64 [0, %start], [%next, %loop]
  %sum = phi double [0.0, %start], [%sum.next, %loop]
  %place = getelementptr double, ptr %from, i64 %i
  %number = load double, ptr %place, align 8
  %part = fmul double %number, %factor
  %sum.next = fadd reassoc double %sum, %part
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %count
  br i1 %more, label %loop, label %end
end:
  ret double %sum.next
}}
"""
