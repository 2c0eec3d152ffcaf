"""Bridges to other libraries: models that go over to PyTorch and come back, and files that both sides read.

What is needed is imported when it is needed. For PyTorch `pip install torch==2.13.0`, for functions of your own also
`numpy llvmlite`; for ONNX `pip install onnx numpy llvmlite`; for files `pip install numpy safetensors`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, overload

from micrograd.nn.inputs import described
from micrograd.nn.module import Module
from micrograd.nn.optim import Optimizer

if TYPE_CHECKING:
    import torch

__all__ = ["from_torch", "load_safetensors", "save_safetensors", "to_onnx", "to_torch"]

SomeModule = TypeVar("SomeModule", bound=Module)


@overload
def to_torch(module: Callable[..., Any], *example: Any, optimizer: None = None) -> torch.nn.Module: ...
@overload
def to_torch(
    module: Callable[..., Any], *example: Any, optimizer: Optimizer
) -> tuple[torch.nn.Module, torch.optim.Optimizer]: ...
def to_torch(module: Callable[..., Any], *example: Any, optimizer: Optimizer | None = None) -> Any:
    """A model as a Module of PyTorch: the same numbers, and nothing of micrograd in it.

    `Linear`, `Embedding`, `RMSNorm`, `LayerNorm`, `Dropout`, `Sequential` and the functions of `micrograd.nn` become
    what has their names in PyTorch; a `Neuron`, a `Layer` and an `MLP` a `torch.nn.Sequential` of `Linear`, `ReLU` and
    `Dropout`. The model takes one sample, the net a batch of them, shape (batch, inputs), and returns (batch, outputs),
    with one output (batch, 1). Parameters have the names that `Module.tensors` gives, in float64. Modes, what is frozen
    and what is shared are carried over; gradients and schedules are not.

    A Module or a function of your own goes over as what it computes, as `jit` traces it: operations on tensors, with
    the gradients that the rules of the engine say, and derivatives of these of any order. Such a net takes and returns
    what a compiled function does, with tensors for arrays. Its mode is that of the moment. `torch.compile` takes it,
    for first derivatives; a result that the loss does not use has a gradient of 0 there, as PyTorch's own have, and
    none elsewhere. `torch.export` takes it for inference: it keeps the operations and not the rules, and what it made
    has the gradients that PyTorch gives these, also behind `detach` and in rows of your own.

    Args:
        module: The model, or a function of Values.
        *example: For what is not made of the parts above: arguments as a compiled function takes them, such as
            `[[0.0, 0.0]]` for a list of two numbers. Only their structure matters. A function needs none if each of
            its arguments is a number.
        optimizer: The optimiser that trains it, SGD, Adam, AdamW or RMSprop, whose groups and state are carried over as
            well, so that training goes on as it would here. Its groups must hold whole tensors.

    Returns:
        The net; with `optimizer` a pair of the net and its optimiser.

    Raises:
        ImportError: If PyTorch is not installed; for what is traced, also if NumPy or llvmlite is not.
        TypeError: If the example does not fit, there is none where one is needed, or an optimiser is in its place.
        ValueError: If something has no counterpart there, a parameter has a name that means something to PyTorch, such
            as `training`, or a function takes or returns an empty list. The message names it.
        TracingError: If a function looks at a number.

    Example:
        >>> import torch
        >>> from micrograd.nn import MLP
        >>> to_torch(MLP(2, [16, 1]))
        Sequential(
          (0): Linear(in_features=2, out_features=16, bias=True)
          (1): ReLU()
          (2): Linear(in_features=16, out_features=1, bias=True)
        )
        >>> square_of_sine = to_torch(lambda x: x.sin() ** 2)
        >>> x = torch.tensor([0.5, 1.0], dtype=torch.float64, requires_grad=True)
        >>> square_of_sine(x).sum().backward()
        >>> torch.allclose(x.grad, torch.sin(2 * x))
        True
    """
    with _library("to_torch", "PyTorch", "torch==2.13.0"):
        from micrograd.nn.interop import bridge
    return bridge.to_torch(module, example, optimizer)


@overload
def from_torch(net: torch.nn.Module, *, optimizer: None = None, into: None = None) -> Module: ...
@overload
def from_torch(net: torch.nn.Module, *, optimizer: None = None, into: SomeModule) -> SomeModule: ...
@overload
def from_torch(
    net: torch.nn.Module, *, optimizer: torch.optim.Optimizer, into: None = None
) -> tuple[Module, Optimizer]: ...
@overload
def from_torch(
    net: torch.nn.Module, *, optimizer: torch.optim.Optimizer, into: SomeModule
) -> tuple[SomeModule, Optimizer]: ...
def from_torch(
    net: torch.nn.Module, *, optimizer: torch.optim.Optimizer | None = None, into: Module | None = None
) -> Any:
    """A net of PyTorch as a model here, or its numbers in a model that is there already.

    `torch.nn.Linear`, `Embedding`, `LayerNorm` and `RMSNorm` over one dimension, `Dropout`, `Identity`, `ReLU`, `Tanh`,
    `Sigmoid`, `LeakyReLU`, `GELU`, `SiLU`, `Softplus`, `Softmax` and `LogSoftmax` with `dim=-1`, and a `Sequential` of
    these have counterparts. Parts go by their places, also where PyTorch has names for them. Modes, what is frozen and
    what is shared are carried over; gradients and schedules are not. Numbers of a smaller type, such as float32, are
    kept exactly, and computed with in float64, as by `net.double()`.

    Args:
        net: The net.
        optimizer: The optimiser that trains it, SGD, Adam, AdamW or RMSprop, whose groups and state are carried over as
            well, so that training goes on as it would there. PyTorch's SGD does not count its steps: with momentum it
            counts as having taken one.
        into: A model whose `tensors()` have the names and shapes of the net's parameters. It gets their numbers, and
            keeps its mode and what is frozen in it. A model of your own comes back that way.

    Returns:
        The model, a new one or `into`; with `optimizer` a pair of the model and its optimiser.

    Raises:
        ImportError: If PyTorch is not installed.
        TypeError: If `net` is no Module of PyTorch.
        ValueError: If something has no counterpart here, or does not fit into the model. The message names it, and
            nothing has changed.

    Example:
        >>> import torch
        >>> net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1)).double()
        >>> model = from_torch(net)
        >>> model
        Sequential(Linear(2, 3), tanh, Linear(3, 1))
        >>> (out,) = model([1.0, 2.0])
        >>> abs(out.data - net(torch.tensor([1.0, 2.0], dtype=torch.float64)).item()) < 1e-12
        True
    """
    with _library("from_torch", "PyTorch", "torch==2.13.0"):
        from micrograd.nn.interop import bridge
    return bridge.from_torch(net, optimizer, into)


def to_onnx(f: Callable[..., Any], path: str | os.PathLike[str], *example: Any) -> None:
    """Write a model, or a function of Values, as a file of ONNX. Counterpart: `torch.onnx.export`.

    It computes in float64, for any number of samples at once: inputs and outputs have a first axis `batch`, and are
    those of a compiled function. Inputs are called what the arguments are called, parameters what `tensors()` calls
    them, and a single output `out`. The parameters are those of the moment, and so is the mode. Only what the function
    computes is written, no gradients.

    Args:
        f: A function as `jit` takes it, a model among them, or a compiled one.
        path: The file, replaced if it exists, as a whole.
        *example: What `f` takes, as a compiled function takes it: `[[0.0, 0.0]]` for a list of two numbers. Only its
            structure matters. It may be left out for a compiled function that was called before, and where each
            argument is a number.

    Raises:
        ImportError: If onnx, NumPy or llvmlite is not installed.
        TypeError: If the example does not fit, or none is given where one is needed.
        ValueError: If `f` draws random numbers, takes no arguments, or returns an array of no numbers.
        TracingError: If `f` looks at a number.
        OSError: If the file cannot be written.

    Example:
        >>> import os, tempfile
        >>> import onnx
        >>> from micrograd.nn import MLP
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "model.onnx")
        ...     to_onnx(MLP(2, [16, 1]), path, [[0.0, 0.0]])
        ...     graph = onnx.load(path).graph
        >>> [node.op_type for node in graph.node][:2], list(graph.node[0].input)
        (['Gemm', 'Relu'], ['x', '0.weight', '0.bias'])
        >>> [tensor.name for tensor in graph.initializer if "constant" not in tensor.name]
        ['0.weight', '0.bias', '2.weight', '2.bias']
    """
    with _library("to_onnx", "onnx, NumPy and llvmlite", "onnx numpy llvmlite"):
        from micrograd.nn.interop import onnx_file
    onnx_file.to_onnx(f, path, example)


def save_safetensors(module: Module, path: str | os.PathLike[str]) -> None:
    """Write the parameters of a model to a file that PyTorch reads, too. Counterpart: `safetensors.torch.save_file`.

    The file holds `module.tensors()` in float64, with PyTorch's names and shapes; what is shared is there at each of
    its places. It is written as a whole or not at all, by `micrograd.engine.files.write`.

    Args:
        module: The model.
        path: The file, replaced if it exists. Its folder must exist.

    Raises:
        ImportError: If NumPy or safetensors is not installed.
        TypeError: If `module` is no Module.
        OSError: If the file cannot be written. What was there before is untouched.

    Example:
        >>> import os, tempfile
        >>> from safetensors.torch import load_file
        >>> from micrograd.nn import MLP
        >>> model = MLP(2, [16, 1])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "model.safetensors")
        ...     save_safetensors(model, path)
        ...     to_torch(model).load_state_dict(load_file(path))
        <All keys matched successfully>
    """
    with _library("save_safetensors", "NumPy and safetensors", "numpy safetensors"):
        from micrograd.nn.interop import checkpoints
    checkpoints.save_safetensors(_module("save_safetensors", module), path)


def load_safetensors(module: Module, path: str | os.PathLike[str]) -> None:
    """Set all parameters from a file that `save_safetensors` or PyTorch wrote. `safetensors.torch.load_file`.

    The header of the file is compared with the model first: it must have the names and shapes of `module.tensors()`, so
    a file can be no larger than the model. What is shared need be there once. Numbers of float64, float32, float16 and
    bfloat16 are kept exactly.

    Args:
        module: The model.
        path: The file.

    Raises:
        ImportError: If NumPy or safetensors is not installed.
        TypeError: If `module` is no Module.
        OSError: If the file cannot be read.
        ValueError: If it is no such file, or does not fit this model. No parameter has changed.

    Example:
        >>> import os, tempfile
        >>> from micrograd.nn import Linear
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "linear.safetensors")
        ...     trained, fresh = Linear(2, 3), Linear(2, 3)
        ...     save_safetensors(trained, path)
        ...     load_safetensors(fresh, path)
        >>> fresh.state_dict() == trained.state_dict()
        True
    """
    with _library("load_safetensors", "NumPy and safetensors", "numpy safetensors"):
        from micrograd.nn.interop import checkpoints
    checkpoints.load_safetensors(_module("load_safetensors", module), path)


def _module(name: str, module: Module) -> Module:
    if not isinstance(module, Module):
        raise TypeError(f"{name} takes a Module, got {described(module)}")
    return module


@contextmanager
def _library(name: str, what: str, install: str) -> Iterator[None]:
    """Around the import of what needs a library: tell how to install it."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise ImportError(f"{name} needs {what}: pip install {install}", name=error.name) from error
