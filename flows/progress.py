"""Progress artifacts: how far long work has come, on the run's page while it goes on."""

import time
from typing import Any

import httpx
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.exceptions import PrefectHTTPStatusError

SHOWN_AFTER_S, EVERY_S = 5.0, 3.0
"""Work that is done sooner shows nothing; how often the artifact is brought up to date."""


class Progress:
    """Told of steps and how far they are, keeps one progress artifact of each that takes long, under `key`."""

    def __init__(self, key: str, steps: dict[str, str]) -> None:
        """`steps` are those that are shown, with what is counted in each: `{"fetch": "Pages visited"}`."""
        self.key = key
        self.steps = steps
        self._shown: dict[str, Any] = {}
        self._next_at: dict[str, float] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take note that so much of a step is done, of so much in all; 0 where that is not known."""
        if step not in self.steps or not total:
            return
        now = time.monotonic()
        is_over = done >= total and step in self._shown
        if now < self._next_at.setdefault(step, now + SHOWN_AFTER_S) and not is_over:
            return
        self._next_at[step] = now + EVERY_S
        share = min(100.0, 100 * done / total)
        try:
            if step in self._shown:
                update_progress_artifact(self._shown[step], progress=share)
            else:
                said = f"{self.steps[step]}, of {total:,}"
                self._shown[step] = create_progress_artifact(share, key=self.key, description=said)
        except (httpx.TransportError, PrefectHTTPStatusError):
            # The work goes on while the server does not answer.
            return
