"""Who takes part in the programs: for each peer the module that it needs, and how it starts.

To start means all that is done once in a process, so that the first result of a program is that of the program. What
comes back is the version.
"""

import importlib.util


def start_micrograd():
    import llvmlite

    from micrograd.engine import Value
    from micrograd.engine.jit import jit

    w = Value(1.0)
    jit(lambda x: w * x).value_and_grad([1.0])
    return f"llvmlite {llvmlite.__version__}"


def start_jax():
    import jax

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_cpu_enable_async_dispatch", False)  # twice as fast for calls as short as these
    jax.block_until_ready(jax.jit(jax.grad(lambda x: x * x))(1.0))
    return f"JAX {jax.__version__}"


def start_pytorch():
    import torch

    torch.set_num_threads(1)
    x = torch.ones(1, requires_grad=True)
    (x * x).sum().backward()
    return f"PyTorch {torch.__version__}"


def start_numba():
    import numba

    numba.njit(lambda x: x * x)(1.0)
    return f"numba {numba.__version__}"


def start_casadi():
    import casadi

    return f"CasADi {casadi.__version__}"


PEERS = {
    "micrograd": ("micrograd.engine.jit", start_micrograd),
    "JAX": ("jax", start_jax),
    "PyTorch": ("torch", start_pytorch),
    "numba": ("numba", start_numba),
    "CasADi": ("casadi", start_casadi),
}


def installed(name):
    module, _ = PEERS[name]
    return importlib.util.find_spec(module) is not None


def start(name):
    _, start = PEERS[name]
    return start()
