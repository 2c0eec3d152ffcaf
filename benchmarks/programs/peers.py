"""Who takes part in the programs: for each peer what it needs, and how it starts.

To start means all that is done once in a process, so that the first result of a program is that of the program. What
comes back is the version.
"""

import importlib.util
import os
import shutil
import sys
import warnings
from collections.abc import Callable
from typing import NamedTuple

from workers import CORES

from classic import classic_python


def start_micrograd():
    import llvmlite

    from micrograd.engine import Value
    from micrograd.engine.jit import jit

    w = Value(1.0)
    jit(lambda x: w * x).value_and_grad([1.0])
    return f"llvmlite {llvmlite.__version__}"


def start_classic():
    return "classic micrograd 0.1.0"


def start_jax():
    import jax

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_cpu_enable_async_dispatch", False)  # twice as fast for calls as short as these
    jax.block_until_ready(jax.jit(jax.grad(lambda x: x * x))(1.0))
    return f"JAX {jax.__version__}"


def start_pytorch():
    import torch

    torch.set_num_threads(len(CORES) or 1)
    x = torch.ones(1, requires_grad=True)
    (x * x).sum().backward()
    return f"PyTorch {torch.__version__}"


def start_torch_compile():
    os.environ["TORCHINDUCTOR_FORCE_DISABLE_CACHES"] = "1"  # what an earlier process compiled is on the disk
    warnings.filterwarnings("ignore", "dynamo_pgo force disabled")
    version = start_pytorch()
    import torch

    torch.compile(lambda x: x * x)(torch.ones(1))
    return version


def start_numba():
    import numba

    numba.njit(lambda x: x * x)(1.0)
    return f"numba {numba.__version__}"


def start_casadi():
    import casadi

    return f"CasADi {casadi.__version__}"


class Peer(NamedTuple):
    """What runs the programs of a peer: a module, perhaps a command too, and a Python of its own."""

    module: str
    start: Callable[[], str]
    tool: str = sys.executable
    python: Callable[[], list[str]] = lambda: [sys.executable]


PEERS = {
    "micrograd": Peer("micrograd.engine.jit", start_micrograd),
    "micrograd, eager": Peer("micrograd.engine.jit", start_micrograd),
    "classic": Peer("venv", start_classic, python=classic_python),
    "JAX": Peer("jax", start_jax),
    "PyTorch": Peer("torch", start_pytorch),
    "torch.compile": Peer("torch", start_torch_compile, tool="g++"),
    "numba": Peer("numba", start_numba),
    "CasADi": Peer("casadi", start_casadi),
}


def installed(name):
    peer = PEERS[name]
    return importlib.util.find_spec(peer.module) is not None and shutil.which(peer.tool) is not None


def say_missing(say):
    for peer in PEERS:
        if not installed(peer):
            say(f"{peer} is not installed, so its cells stay empty")


def start(name):
    return PEERS[name].start()
