"""Digests flow through processes, and an error ends the flow: nobody is given more work."""

from pathlib import Path

import pytest

from tests.desk.digests import Item, digest
from warehouse.intake.receive import ArchivedDigest
from warehouse.reference.rows import SEEDS, load_reference
from warehouse.stage import pipeline
from warehouse.stage.pipeline import Pipeline
from warehouse.stage.worker import Worker


def test_a_process_that_waits_for_an_answer_is_given_no_other_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It would take the share for the answer, and end with a traceback."""
    monkeypatch.setattr(pipeline, "BATCH_BYTES", 1)
    worker = Worker(SEEDS, load_reference(SEEDS).sha256)

    def fail(_: Path) -> list[int]:
        raise KeyboardInterrupt

    flow = Pipeline([worker], tmp_path, fail)
    try:
        for number in range(3):
            path = tmp_path / f"{number}.txt"
            path.write_text(digest(Item(str(990_000 + number))), encoding="utf-8")
            flow.add(ArchivedDigest(path.name, f"{number:064x}", path.stat().st_size, path))
        with pytest.raises(KeyboardInterrupt):
            list(flow.counts())
        flow.add(ArchivedDigest(path.name, f"{9:064x}", path.stat().st_size, path))
        with pytest.raises(KeyboardInterrupt):
            list(flow.counts())
        flow._pool.shutdown()
    finally:
        flow.end()
        worker.end()
    assert capfd.readouterr().err == ""
