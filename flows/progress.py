"""Progress artifacts: how far long steps are, on the page of the run."""

import time
from typing import Any

import httpx
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.exceptions import PrefectHTTPStatusError

FROM_S, EVERY_S = 5.0, 3.0
"""From when a step has an artifact, and how often the artifact is updated."""


class Progress:
    """Called with steps and how far they are, keeps a progress artifact of each long one, under `key`."""

    def __init__(self, key: str, steps: dict[str, str]) -> None:
        """`steps` are those with an artifact, and what each counts: `{"fetch": "Pages visited"}`."""
        self.key = key
        self.steps = steps
        self._artifacts: dict[str, Any] = {}
        self._next_at: dict[str, float] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        """Note how much of a step is done, and how much there is in all; 0 where that is unknown."""
        if step not in self.steps or not total:
            return
        now = time.monotonic()
        is_over = done >= total and step in self._artifacts
        if now < self._next_at.setdefault(step, now + FROM_S) and not is_over:
            return
        self._next_at[step] = now + EVERY_S
        share = min(100.0, 100 * done / total)
        try:
            if step in self._artifacts:
                update_progress_artifact(self._artifacts[step], progress=share)
            else:
                description = f"{self.steps[step]}, of {total:,}"
                self._artifacts[step] = create_progress_artifact(share, key=self.key, description=description)
        except (httpx.TransportError, PrefectHTTPStatusError):
            # The step goes on while the server does not answer.
            return
