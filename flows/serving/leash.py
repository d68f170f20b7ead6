"""Run a module as a program, and end it with the process that started it.

    python -m flows.serving.leash MODULE ARGUMENT…

Standard input is the leash: whoever holds its other end keeps it open, and when that process is gone, however it
died, the whole process group of this one is killed. So nothing that `flows.serving.serve` started outlives it,
and nothing of it takes that for an orderly stop.
"""

import os
import runpy
import signal
import sys
import threading


def main() -> None:
    """Run the module named by the arguments, as `python -m` does."""
    leash = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    threading.Thread(target=_hang_on, args=(leash,), name="leash", daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _hang_on(leash: int) -> None:
    while os.read(leash, 1):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
