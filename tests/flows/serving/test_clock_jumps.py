"""A clock that is set: it jumps once, by so much, and what keeps a clock right is no jump."""

import pytest

from flows.serving.clock_jumps import ClockJumps


class Machine:
    """A machine's time of day and how long it has been running, in seconds."""

    def __init__(self) -> None:
        self.now, self.elapsed = 1_750_000_000.0, 5_000.0

    def passes(self, seconds: float, *, asleep: bool = False) -> None:
        self.now += seconds
        self.elapsed += 0 if asleep else seconds


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock(machine: Machine) -> ClockJumps:
    return ClockJumps(lambda: machine.now, lambda: machine.elapsed)


def test_time_that_passes_is_no_jump(machine: Machine, clock: ClockJumps) -> None:
    machine.passes(90_000)
    assert clock.seconds() == 0


@pytest.mark.parametrize("hours", [26, -2])
def test_a_clock_that_is_set_jumps_once_and_by_so_much(machine: Machine, clock: ClockJumps, hours: int) -> None:
    machine.now += 3600 * hours
    machine.passes(5)
    assert clock.seconds() == 3600 * hours
    assert clock.seconds() == 0


def test_a_machine_that_slept_finds_its_clock_ahead(machine: Machine, clock: ClockJumps) -> None:
    machine.passes(3 * 86_400, asleep=True)
    assert clock.seconds() == 3 * 86_400


def test_small_corrections_are_no_jump_until_they_add_up_to_one(machine: Machine, clock: ClockJumps) -> None:
    jumps = []
    for _ in range(7):
        machine.now -= 10
        jumps.append(clock.seconds())
    assert jumps == [0, 0, 0, 0, 0, -60, 0]
