"""How is the carbon of a bottle bound? SciPy fits three peaks to a spectrum, and second derivatives say how surely."""

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize

from micrograd.engine import Value, assign, hessian, jacobian
from micrograd.engine.jit import jit
from shared.options import options
from shared.pictures import save

TRUE = (284.7, 0.6, 3.0), (286.25, 0.6, 1.0), (288.7, 0.6, 1.0)  # centre and width in eV, height in 1,000 electrons
BONDS = {"C-C": 285.0, "C-O": 286.5, "O-C=O": 289.0}  # eV, seen with the naked eye
peaks = [(Value(centre), Value(0.5), Value(1.5)) for centre in BONDS.values()]
floor = Value(0.05)


def peak(energy, centre, width, height):
    return 1000 * height * (-0.5 * ((energy - centre) / width) ** 2).exp()


@jit
def surprise(energy, count):
    """Minus the logarithm of a count's probability, which is Poisson's, but for a constant."""
    expected = sum((peak(energy, *numbers) for numbers in peaks), 1000 * floor)
    return expected - count * expected.log()


def objective(at):
    losses, gradient = surprise.value_and_grad(energies, counts, at=at)
    return losses.mean(), gradient


args = options(__doc__, seed=1)
energies = np.linspace(282, 292, 201)  # eV
counts = np.random.default_rng(args.seed).poisson(100 + sum(jit(peak)(energies, *numbers) for numbers in TRUE))
surprise(energies, counts)  # from now on it knows its leaves
leaves = surprise.leaves
fit = minimize(objective, [leaf.data for leaf in leaves], jac=True, bounds=[(1e-3, None)] * len(leaves), tol=1e-13)
assign((leaves, "data", fit.x.tolist()))
print(f"{len(leaves)} parameters, {fit.nfev} calls: {fit.message}")

covariance = np.linalg.inv(jit(lambda *sample: hessian(surprise(*sample), leaves))(energies, counts).sum(axis=0))
areas = [width * height for _, width, height in peaks]
results = [centre for centre, *_ in peaks] + [100 * area / sum(areas) for area in areas]
(slopes,) = jit(lambda: jacobian(results, leaves))()
errors = np.sqrt(np.diag(slopes @ covariance @ slopes.T))
for i, bond in enumerate(BONDS):
    share, error = results[i + 3], errors[i + 3]
    print(f"{bond:5}: {results[i]:.3f} ± {errors[i]:.3f} eV, {share:.1f} ± {error:.1f} % of the carbon")

ax = plt.figure().subplots()
curves = [jit(peak)(energies, *(number.data for number in numbers)) for numbers in peaks]
ax.stackplot(energies, np.full(201, 1000 * floor.data), *curves, labels=["floor", *BONDS], alpha=0.6)
ax.plot(energies, counts, ".", ms=3, color="C4", label="counted")
ax.set(xlabel="binding energy (eV)", ylabel="electrons", xlim=(292, 282))  # as such spectra are drawn
ax.legend(loc="upper left")
save(ax.figure, args.out / "spectrum.svg")
