"""The command that measures how well lost paragraphs come back."""

import subprocess
import sys

from warehouse.project import PROJECT


def test_no_name_is_cut_and_nearly_all_breaks_come_back() -> None:
    command = [sys.executable, str(PROJECT / "benchmarks" / "breaks.py")]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    *rows, names, new_names = lines[1:]
    shares = {tuple(row.split()[:-2]): float(row.split()[-1]) for row in rows}
    assert shares.pop(("all",)) >= 0.98
    assert {language for language, _ in shares} == {"en", "ru", "kk"}
    # Where a heading ends with a name, what follows may be a part of it.
    assert all(share >= 0.99 for (_, kind), share in shares.items() if kind != "name")
    assert names == "names: 500, cut: 0"
    assert new_names.startswith("new names: ")
    assert new_names.endswith(", cut: 0")
