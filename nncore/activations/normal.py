"""The normal distribution function, which NumPy lacks.

With z = |x| / sqrt(2), the chance of a standard normal number beyond |x| is e^(-z^2) g(z) / 2, where
g(z) = e^(z^2) erfc(z) falls so smoothly from 1 that a polynomial in a fraction t = a - b / (z + 2) follows it. Its
coefficients are those of the Chebyshev interpolation, found when they are first needed from the exact ``math.erfc``.

Source: Press et al., "Numerical Recipes", section 6.2, has the idea of the substitution.
"""

from __future__ import annotations

import functools
import math

import numpy as np

from nncore.types import Array

_MIDDLE = 2.0
_FAR = 6.0  # beyond it, e^(-z^2) is below 1e-15, and g need not be exact
_DEGREES = {np.dtype(np.float32): 9, np.dtype(np.float64): 20}
_SLOPE = 2 / (1 / _MIDDLE - 1 / (_FAR + _MIDDLE))
_OFFSET = _SLOPE / _MIDDLE - 1
"""t = _OFFSET - _SLOPE / (z + _MIDDLE) goes from -1 at z = 0 to 1 at z = _FAR."""
_BLOCK = 16384  # numbers that stay in the processor's cache while a polynomial runs over them


def normal_cdf(x: Array, bell: Array) -> Array:
    """Return the chance that a standard normal number is below ``x``, as a new array.

    Args:
        x: any numbers.
        bell: e^(-x^2 / 2), which callers need anyway.
    """
    start, *coefficients = _coefficients(_DEGREES.get(x.dtype, 20))
    result = np.empty_like(x, order="C")
    flat, flat_x = result.reshape(-1), np.ascontiguousarray(x).reshape(-1)
    for begin in range(0, flat.size, _BLOCK):
        part = flat[begin : begin + _BLOCK]
        t = np.abs(flat_x[begin : begin + _BLOCK])
        t *= math.sqrt(0.5)
        np.minimum(t, _FAR, out=t)
        t += _MIDDLE
        np.divide(-_SLOPE, t, out=t)
        t += _OFFSET
        part[...] = start
        for coefficient in coefficients:
            part *= t
            part += coefficient
    result *= bell  # the chance beyond |x|; below x it is this one for x < 0, else 1 minus this one
    np.copysign(result, -x, out=result)
    result += x >= 0
    return result


@functools.cache
def _coefficients(degree: int) -> tuple[float, ...]:
    """Return the polynomial of g / 2 in t, highest power first."""
    from numpy.polynomial import chebyshev  # few networks need it

    nodes = chebyshev.chebpts1(degree + 1)
    z = [_SLOPE / (_OFFSET - float(node)) - _MIDDLE for node in nodes]
    values = np.array([0.5 * math.exp(entry * entry) * math.erfc(entry) for entry in z])
    powers = chebyshev.cheb2poly(chebyshev.chebfit(nodes, values, degree))
    return tuple(float(power) for power in powers[::-1])
