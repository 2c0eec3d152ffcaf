"""A neuron."""

import random

from micrograd.nn import Neuron
from micrograd.viz import draw

random.seed(42)
neuron = Neuron(2)
out = neuron([1.0, -2.0])
out.backward()

print(neuron, "gives", out.data)
draw(out, labels=neuron)
