"""C by hand, compiled when this is imported: `cc` with the options that follow the name of the peer."""

import ctypes
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

OPTIONS = sys.argv[2:]
VERSION = subprocess.run(["cc", "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]


def compiled(nin, hidden):
    """The library for these sizes."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "perceptron.so"
        sizes = [f"-DNIN={nin}", f"-DHIDDEN={hidden}"]
        source = Path(__file__).with_name("perceptron.c")
        subprocess.run(["cc", *OPTIONS, *sizes, "-shared", "-fPIC", "-o", library, source], check=True)
        return ctypes.CDLL(str(library))


class Network:
    def __init__(self, problem):
        nin, hidden, *_ = problem.sizes
        samples, classes = problem.data
        self.lr = problem.lr
        self.p = np.array(problem.parameters)
        self.gradients = np.zeros_like(self.p)
        self.X, self.y = np.array(samples).T.copy(), np.array(classes, dtype=np.float64)
        library = compiled(nin, hidden)
        pointer, whole, number = ctypes.c_void_p, ctypes.c_long, ctypes.c_double
        self.call, self.loop = library.gradients, library.train
        self.call.restype = number
        self.call.argtypes = [pointer, pointer, whole, pointer, pointer]
        self.loop.argtypes = [pointer, pointer, whole, pointer, number, whole]
        self.data = self.X.ctypes.data, self.y.ctypes.data, problem.batch
        self.places = self.p.ctypes.data, self.gradients.ctypes.data

    def backward(self):
        self.mean = self.call(*self.data, *self.places)

    def found(self):
        return [self.mean, *self.gradients.tolist()]

    def train(self, steps):
        start = time.process_time()
        self.loop(*self.data, self.places[0], self.lr, steps)
        return (time.process_time() - start) / steps

    def parameters(self):
        return self.p.tolist()
