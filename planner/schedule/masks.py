"""Masks over subjects that are often the same for all of them: a plain bool then, an array only when needed.

Most rules do not apply to most visits (no hold, no booking, no branch). Keeping such a mask a plain bool lets
the walk skip the work, which is what makes both one subject and a large cohort fast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Mask = bool | Bools


def both(one: Mask, other: Mask) -> Mask:
    """Where one and the other hold."""
    if one is True:
        return other
    if other is True:
        return one
    if one is False or other is False:
        return False
    return one & other


def either(one: Mask, other: Mask) -> Mask:
    """Where one or the other holds."""
    if one is False:
        return other
    if other is False:
        return one
    if one is True or other is True:
        return True
    return one | other


def neither(one: Mask) -> Mask:
    """Where it does not hold."""
    if isinstance(one, bool):
        return not one
    return ~one


def but_not(one: Mask, other: Mask) -> Mask:
    """Where one holds and the other does not."""
    if other is False:
        return one
    if one is False or other is True:
        return False
    if one is True:
        return neither(other)
    return one & neither(other)


def chosen(where: Mask, one: Mask, other: Mask) -> Mask:
    """``one`` where the mask holds, ``other`` elsewhere."""
    if isinstance(where, bool):
        return one if where else other
    if one is other:
        return one
    return either(both(one, where), but_not(other, where))


def holds_somewhere(mask: Mask) -> bool:
    """Whether the mask holds for any subject."""
    return mask if isinstance(mask, bool) else bool(mask.any())


def simplified(mask: Mask) -> Mask:
    """A plain bool for one subject, and False instead of an array in which nothing holds, so that later steps can be skipped."""
    if isinstance(mask, bool):
        return mask
    if mask.size == 1:
        return bool(mask.item())
    return mask if mask.any() else False


def as_array(mask: Mask, count: int) -> NDArray[np.bool_]:
    """The mask as an array of ``count`` subjects."""
    return np.full(count, mask) if isinstance(mask, bool) else mask
