"""How many steps a piece of Python takes, so that growth can be held without a clock."""

import sys
from collections.abc import Callable


def steps(run: Callable[[], object]) -> int:
    """The lines that Python runs."""
    count = 0

    def trace(_frame: object, event: str, _argument: object) -> object:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count
