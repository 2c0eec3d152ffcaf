"""LLVM: from IR text to a function of this processor."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

import llvmlite.binding as llvm
import numpy as np

from micrograd.engine.jit.ir import INTEGER, Type

llvm.initialize_native_target()
llvm.initialize_native_asmprinter()

AT_ONCE = 5_000  # lines: while LLVM makes code of them, they take some fifty times as much memory as the code


@cache
def vector_width() -> int:
    """How many doubles this processor computes with at once: 8 with AVX-512, 4 with AVX, else 2 (SSE2, NEON)."""
    features = llvm.get_host_cpu_features()
    return 8 if features.get("avx512f") else 4 if features.get("avx") else 2


class Machine:
    """Machine code, freed when this object and its functions are.

    Args:
        modules: In the language of LLVM; each may call functions of those before it.
        tables: The whole numbers that they look up, by their names.
    """

    def __init__(self, modules: Iterable[str], tables: Mapping[str, Sequence[int]]) -> None:
        target = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=2, jit=True
        )
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)
        for ir in modules:
            module = llvm.parse_assembly(ir)
            module.verify()
            self._engine.add_module(module)
            self._engine.finalize_object()
            self._engine.remove_module(module)  # it takes several times the memory of the code that was made of it
        for name, numbers in tables.items():
            table = np.array(numbers, dtype=np.int64)
            ctypes.memmove(self._engine.get_global_value_address(name), table.ctypes.data, table.nbytes)

    def function(self, name: str, parameters: Iterable[Type]) -> Callable[..., int]:
        """A function of the module.

        Args:
            name: Its name.
            parameters: What it takes: addresses, and integers modulo 2^64. It returns an integer.
        """
        taken = [ctypes.c_int64 if parameter == INTEGER else ctypes.c_void_p for parameter in parameters]
        prototype = ctypes.CFUNCTYPE(ctypes.c_int64, *taken)
        function = prototype(self._engine.get_function_address(name))
        function.engine = self._engine  # type: ignore[attr-defined]  # its code lives as long as it can be called
        return function
