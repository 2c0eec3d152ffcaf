"""Functions of Values as machine code, run over whole arrays of samples.

    pip install numpy llvmlite

How `a * b` becomes a vector instruction, room by room:

1. `trace.py` calls the function once with placeholders. A placeholder is a Value without a number: it records
   operations and refuses to be looked at. What comes out is an ordinary graph of Values.
2. `micrograd.engine.grad` differentiates that graph, with the rules of the table. The compiler knows no derivative.
3. `program.py` flattens outputs and gradients into a list of instructions such as `%5 = * %3, %4`, one for every node.
   The same instruction twice is the same register; what no result needs is dropped; `x * 1` is `x`. A row that a user
   added becomes what its `forward` does.
4. `layers.py` finds dense layers in that list: thousands of instructions that differ only in which weight they read.
5. `plan.py` cuts the list into stages. Layers become loops (`dense.py`; `narrow.py` for a sample or two); the rest is
   written out (`straight.py`), with functions such as `exp` for all lanes of a vector at once (`vector_math.py`), in
   pieces of some hundred instructions, because LLVM's time grows faster than the size of a function. `cuts.py` cuts
   where patterns begin, so that code which repeats comes in equal pieces. Stages of one form are one function, which
   takes what differs from a table (`stage.py`); `script.py` calls them one after the other. `listing.py` shows all this
   as text.
   In `lower.py` a loop walks over the samples; what is the same for all of them is computed before it. Every register
   is a vector, eight samples next to each other, say. All of it is LLVM IR, which `ir.py` writes.
6. `machine.py` has LLVM turn the text into the instructions of this processor.
7. `arguments.py` reads what users pass, and `structure.py` knows how it is put together; `columns.py` lays out the
   samples, `kernel.py` calls the code, and `results.py` has room for what it computes. Large batches are cut into
   parts, which the processor's cores share (`parts.py`). `versions.py` keeps code for arguments of another structure;
   `jitted.py` is what users see; `trainer.py` puts the optimiser's rule (`rules.py`) behind the gradients and loops
   over steps (`steps.py`) without coming back to Python.
8. For other languages `arrays/` finds whole statements about arrays in the list of 3, and `c/` writes them as C.
"""

try:
    import llvmlite as _llvmlite  # noqa: F401
    import numpy as _numpy  # noqa: F401
except ImportError as error:
    raise ImportError(
        "micrograd.engine.jit needs numpy and llvmlite: pip install numpy llvmlite", name=error.name
    ) from error

from micrograd.engine.jit.c import export_c
from micrograd.engine.jit.jitted import Jitted, jit
from micrograd.engine.jit.kernel import Seconds, Stats
from micrograd.engine.jit.trainer import Trainer
from micrograd.engine.tracing import TracingError

__all__ = ["Jitted", "Seconds", "Stats", "TracingError", "Trainer", "export_c", "jit"]
