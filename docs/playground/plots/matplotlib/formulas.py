r"""Mathematics between dollar signs, as matplotlib reads it, in letters that Unicode has: `$x_1^2$` is x₁².

What has no such letter stays as it is written.
"""

import re
import unicodedata

ABOVE = str.maketrans("0123456789+-−=()nix", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱˣ")
BELOW = str.maketrans("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
SIGNS = {"cdot": "·", "times": "×", "pm": "±", "leq": "≤", "geq": "≥", "neq": "≠", "approx": "≈"}
SIGNS |= {"to": "→", "infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑"}
SIGNS |= {name: name for name in ("cos", "exp", "log", "max", "min", "sin", "tanh")}

FORMULA = re.compile(r"(?<!\\)\$(.*?)(?<!\\)\$", re.DOTALL)
WORDS = re.compile(r"\\(?:mathrm|mathbf|text)\{([^{}]*)\}")
FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")
COMMAND = re.compile(r"\\([a-zA-Z]+)(?: (?=\w))?")
RAISED = re.compile(r"([\^_])(?:\{([^{}]*)\}|(.))")


def plain(text: str) -> str:
    """A text that may have formulas in it, without dollar signs. It has none if they are no pairs."""
    pairs = len(re.findall(r"(?<!\\)\$", text)) % 2 == 0
    return (FORMULA.sub(lambda found: formula(found[1]), text) if pairs else text).replace(r"\$", "$")


def formula(tex: str) -> str:
    """A formula in letters."""
    tex = COMMAND.sub(sign, WORDS.sub(r"\1", tex)).replace("-", "\N{MINUS SIGN}")
    return FRACTION.sub(r"\1/\2", RAISED.sub(raised, tex))  # in this order, as braces are looked for that hold none


def sign(command: re.Match[str]) -> str:
    r"""The letter of a command such as `\alpha`."""
    name = command[1]
    greek = f"GREEK {'CAPITAL' if name[0].isupper() else 'SMALL'} LETTER {name.replace('lambda', 'lamda')}"
    try:
        return SIGNS.get(name) or unicodedata.lookup(greek)
    except KeyError:
        return command[0]


def raised(found: re.Match[str]) -> str:
    """What stands above the line or below it."""
    letters = found[2] or found[3] or ""
    small = letters.translate(ABOVE if found[1] == "^" else BELOW)
    return found[0] if set(small) & set(letters) else small
