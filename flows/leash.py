"""Run a module as a program, and end it with the process that started it: `python -m flows.leash MODULE ARGUMENT…`.

Standard input is the leash: whoever holds its other end keeps it open, and when that process is gone, however it
died, the whole process group of this one is ended. So nothing that `flows.serve` started outlives it.
"""

import os
import runpy
import signal
import sys
import threading
import time

GRACE_S = 5.0
"""How long a process group has between the signal to end and the one that ends it."""


def main() -> None:
    """Run the module named by the arguments, as `python -m` does."""
    leash = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    is_cut = threading.Event()
    threading.Thread(target=_hang_on, args=(leash, is_cut), name="leash", daemon=True).start()
    del sys.argv[0]
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    finally:
        # What the module started may take longer to end than the module itself.
        if is_cut.is_set():
            os.killpg(0, signal.SIGKILL)


def _hang_on(leash: int, is_cut: threading.Event) -> None:
    while os.read(leash, 1):
        pass
    is_cut.set()
    os.killpg(0, signal.SIGTERM)
    time.sleep(GRACE_S)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
