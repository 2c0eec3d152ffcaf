"""What an option is worth, and its greeks: derivatives of the Black-Scholes formula, none written by hand."""

import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import norm

from micrograd.engine import grad
from micrograd.engine.jit import jit
from shared.options import options
from shared.pictures import save

STRIKE, RATE, VOLATILITY = 100.0, 0.03, 0.2  # $, 1/year, 1/√year
UNITS = {"price": "$", "delta": "", "gamma": "1/$", "vega": "$·√year", "theta": "$/year", "rho": "$·year"}


def call(spot, rate, volatility, years):
    """The worth of the right to buy for the strike, after some years, what costs `spot` today."""
    spread = volatility * years.sqrt()
    d = ((spot / STRIKE).log() + rate * years) / spread + spread / 2
    return spot * probability(d) - STRIKE * (-rate * years).exp() * probability(d - spread)


def probability(x):
    """Of a number below x, where it is drawn from the normal distribution."""
    return (1 + (x / 2**0.5).erf()) / 2


@jit
def greeks(spot, rate, volatility, years):
    price = call(spot, rate, volatility, years)
    delta, rho, vega, aging = grad(price, [spot, rate, volatility, years])
    gamma = grad(delta, spot)
    return [price, delta, gamma, vega, -aging, rho]


def formulas(spot, rate, volatility, years):
    """The same as in textbooks, to compare with."""
    spread = volatility * np.sqrt(years)
    d = (np.log(spot / STRIKE) + rate * years) / spread + spread / 2
    likely, strike = norm.cdf(d - spread), STRIKE * np.exp(-rate * years)
    vega, gamma = spot * norm.pdf(d) * np.sqrt(years), norm.pdf(d) / (spot * spread)
    theta = -vega * volatility / (2 * years) - rate * strike * likely
    return [spot * norm.cdf(d) - strike * likely, norm.cdf(d), gamma, vega, theta, strike * years * likely]


args = options(__doc__)
spots, years = np.meshgrid(np.linspace(60, 140, 161), [1.0, 0.5, 0.1])  # $, years
compiled = greeks(spots.ravel(), RATE, VOLATILITY, years.ravel()).T.reshape(6, *spots.shape)
differences = np.abs(compiled - formulas(spots, RATE, VOLATILITY, years)).max(axis=(1, 2))
figure, axes = plt.subplots(3, 2, figsize=(5.2, 6), sharex=True)
for ax, (name, unit), found, off in zip(axes.flat, UNITS.items(), compiled, differences, strict=True):
    print(f"{name:5} {found[1, 80]:9.5f} {unit:7} off by {off:.0e} at most, of all spots and times")
    ax.plot(spots.T, found.T)
    ax.set_title(f"{name} ({unit})" if unit else name)
axes[0, 0].legend(["1 year", "0.5", "0.1"])
figure.supxlabel("spot ($)", size=11)
save(figure, args.out / "option.svg")
