"""What the documents say is so: commands run and answer as shown, tables are as the code is, files exist.

docs/operations.md has commands that need a server, docs/tools.md those of other tools: they run in
test_operations_doc.py and test_tools_doc.py. docs/dictionary.md and docs/settings.md are written by programs, whose
tests hold them.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from tests.desk.documents import Copy, blocks, consoles, masked, rows_of_table, text_of
from warehouse.cli.main import app
from warehouse.database.schema import MARTS, SCHEMA
from warehouse.digest.read import MAX_ITEM_BYTES
from warehouse.digest.records import RAW_BYTES, REASONS
from warehouse.portal.exchange import OUTCOMES
from warehouse.project import PROJECT
from warehouse.report.questions import questions

DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *(f"docs/{path.name}" for path in PROJECT.glob("docs/*.md")),
]
WRITTEN_BY_HAND = sorted(set(DOCUMENTS) - {"docs/dictionary.md", "docs/settings.md"})
ELSEWHERE = {"docs/operations.md", "docs/tools.md"}
WITH_COMMANDS = sorted({name for name in WRITTEN_BY_HAND if consoles(text_of(name))} - ELSEWHERE)

README_LINES = 170
"""How long the README may be: what does not fit goes to docs/."""

PROXY = {
    **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://proxy.invalid:3128"),
    **dict.fromkeys(("no_proxy", "NO_PROXY"), ""),
}
"""A company's proxy. Nothing comes through it, and `Copy.connections` lists whoever asks it."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the project in a folder with spaces in its name."""
    return Copy.at(tmp_path_factory.mktemp("elsewhere") / "a copy of the project")


@pytest.fixture(scope="module")
def first_run(copy: Copy) -> subprocess.CompletedProcess[str]:
    """`make run` in the copy, called from another directory, behind a proxy; `data-after-run` keeps what it made."""
    done = copy.run(f"make --no-print-directory -C '{copy.folder}' run", cwd=copy.folder.parent, **PROXY)
    shutil.copytree(copy.folder / "data", copy.folder.parent / "data-after-run")
    return done


@pytest.fixture
def after_run(copy: Copy, first_run: subprocess.CompletedProcess[str]) -> Copy:
    """The copy with its data as `make run` left them."""
    assert first_run.returncode == 0, first_run.stderr
    shutil.rmtree(copy.folder / "data")
    shutil.copytree(copy.folder.parent / "data-after-run", copy.folder / "data")
    return copy


def test_make_run_works_from_another_directory_in_a_path_with_spaces(
    copy: Copy, first_run: subprocess.CompletedProcess[str]
) -> None:
    assert first_run.returncode == 0, first_run.stderr
    assert masked(first_run.stdout) == masked(dict(consoles(text_of("README.md")))["make run"])
    assert (copy.folder / "data" / "published" / "warehouse.duckdb").exists()
    assert (copy.folder / "data" / "prefect" / "prefect.db").exists()


def test_the_makefile_can_be_named_from_another_directory(copy: Copy) -> None:
    done = copy.run(f"make -f '{copy.folder}/Makefile' help", cwd=copy.folder.parent)
    assert done.returncode == 0, done.stderr
    assert done.stdout == copy.run("make").stdout


def test_make_run_speaks_to_no_other_machine(copy: Copy, first_run: subprocess.CompletedProcess[str]) -> None:
    assert first_run.returncode == 0
    assert not copy.connections.exists()


@pytest.mark.parametrize("document", [name for name in WITH_COMMANDS if name != "CONTRIBUTING.md"])
def test_every_command_answers_as_shown_and_every_code_runs(document: str, after_run: Copy) -> None:
    for block in blocks(text_of(document)):
        # test_ui.py has the server that `make serve` starts.
        after_run.follow(block, leave_out={"make run", "make serve"})
        if block.language == "sql":
            after_run.show_code("import sys, warehouse; warehouse.connect().sql(sys.argv[1]).show()", block.text)
        elif block.language == "python":
            after_run.show_code(block.text)


def test_the_steps_of_contributing_work_one_after_the_other(
    after_run: Copy, tmp_path_factory: pytest.TempPathFactory
) -> None:
    another = Copy.at(tmp_path_factory.mktemp("contributing") / "press")
    shutil.copytree(after_run.folder / "data", another.folder / "data", dirs_exist_ok=True)
    for block in blocks(text_of("CONTRIBUTING.md")):
        another.follow(block)
    known = "select name_en, is_known from dim_publisher where slug = 'example-agency'"
    counted = "select count(*) from fact_listing where byte_count = byte_end - byte_start"
    for question, answer in ((known, "('Example Agency', True)"), (counted, "(22,)")):
        code = "import sys, warehouse; print(warehouse.connect().sql(sys.argv[1]).fetchone())"
        assert another.show_code(code, question) == f"{answer}\n"


def test_the_documents_show_commands() -> None:
    """So that a change of the fences does not leave the tests above with nothing to run."""
    shown = {name: len(consoles(text_of(name))) for name in WITH_COMMANDS}
    assert shown.pop("CONTRIBUTING.md") >= 10
    assert shown.keys() == {"README.md", *(f"docs/{name}.md" for name in "asking brief digests history portal".split())}
    assert sum(shown.values()) >= 16


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_and_press_command_named_exists(document: str) -> None:
    # Shell that only administrators run names users and folders `press`.
    text = re.sub(r"```sh\n.*?```", "", text_of(document), flags=re.DOTALL)
    targets = set(re.findall(r"^([a-z-]+):.*## ", text_of("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make\s+([a-z-]+)", text)) <= targets
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]
    assert set(re.findall(r"press\s(?!release)([a-z]+)", text)) <= commands
    added = {Path(block.note).stem for block in blocks(text)}
    assert set(re.findall(r"press\s+query\s+([a-z_]+)", text)) <= {question.name for question in questions()} | added


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_named_exists(document: str) -> None:
    text = text_of(document)
    folders = "benchmarks|deploy|docs|flows|seeds|sql|tests|warehouse"
    named = {PROJECT / name for name in re.findall(rf"`((?:{folders})/[\w./-]*)`", text)}
    named |= {PROJECT / name for name in re.findall(rf"(?<![\w/-])((?:{folders})/[\w./-]*\w\.\w+)", text)}
    linked = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"", text)
    named |= {(PROJECT / document).parent / (link or source) for link, source in linked}
    # What a person makes: by a step of the document, or from an example.
    made = {PROJECT / block.note for block in blocks(text)} | {PROJECT / "deploy/press.env", PROJECT / "deploy/inbox"}
    assert {path for path in named - made if not path.exists()} == set()


@pytest.mark.parametrize("document", WRITTEN_BY_HAND)
def test_every_heading_linked_to_exists(document: str) -> None:
    for link, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", text_of(document)):
        target = (PROJECT / document).parent / link if link else PROJECT / document
        headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", WRITTEN_BY_HAND)
def test_every_setting_named_is_listed_in_settings(document: str) -> None:
    listed = set(re.findall(r"\bPRESS_[A-Z_]+\w", text_of("docs/settings.md")))
    # Said to Prefect's workers alone: where the project is on their machine.
    assert set(re.findall(r"\bPRESS_[A-Z_]+\w", text_of(document))) <= listed | {"PRESS_PROJECT"}


@pytest.mark.parametrize("document", WRITTEN_BY_HAND)
def test_documents_use_plain_words(document: str) -> None:
    text = re.sub(r"<!-- (\w+): begin -->.*?<!-- \1: end -->", "", text_of(document), flags=re.DOTALL)
    odd = (
        r"\banew\b|\btold of\b|\btells of\b|\bmakes? up for\b|\bmade up for\b|\bwhence\b|\bso many that\b|\bparted by\b"
    )
    assert re.findall(odd, text) == []


def test_the_readme_is_short_and_links_every_document() -> None:
    text = text_of("README.md")
    assert len(text.splitlines()) <= README_LINES
    assert set(DOCUMENTS) - {"README.md"} <= set(re.findall(r"\]\(([^)#]+)\)", text))


def test_tables_of_the_readme_are_tables_of_the_schema() -> None:
    listed = {name.strip("`") for name, _, _ in rows_of_table(text_of("README.md"), "| table | one row per | key |")}
    assert listed <= set(SCHEMA)
    assert {name for name in SCHEMA if name.startswith("fact_")} <= listed
    assert set(re.findall(r"`(mart_\w+)`", text_of("README.md"))) == set(MARTS)


@pytest.mark.parametrize(
    ("document", "header", "of_the_program"),
    [("docs/digests.md", "| reason | |", REASONS), ("docs/portal.md", "| outcome | |", OUTCOMES)],
)
def test_reasons_and_outcomes_are_those_of_the_program(
    document: str, header: str, of_the_program: dict[str, str]
) -> None:
    listed = {code.strip("`"): sentence for code, sentence in rows_of_table(text_of(document), header)}
    assert listed == of_the_program


def test_limits_are_those_of_the_program() -> None:
    text = text_of("docs/digests.md")
    assert f"An item may have {MAX_ITEM_BYTES >> 20} MiB" in text
    assert f"keeps {RAW_BYTES >> 10} KiB" in text
    assert "all 20 items of the seed" in " ".join(text.split())
    (seed,) = (PROJECT / "seeds" / "digests").glob("*.txt")
    assert seed.read_text(encoding="utf-8").count("?lang=kk") == 20


def test_the_schedules_are_those_of_the_program() -> None:
    deployments = yaml.safe_load(text_of("prefect.yaml"))["deployments"]
    listed = rows_of_table(text_of("docs/operations.md"), "| deployment | when | what it does |")
    words = {"*/15 * * * *": "every 15 minutes", "7 * * * *": "hourly", "30 3 * * 0": "Sundays, 03:30"}
    words |= {f"0 {hour} * * *": f"daily, {hour:02}:00" for hour in range(24)}
    assert {name.strip("`"): when for name, when, _ in listed} == {
        deployment["name"]: words[deployment["schedules"][0]["cron"]] for deployment in deployments
    }


def test_artifacts_are_those_of_the_flows() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "flows").glob("*.py"))
    listed = rows_of_table(text_of("docs/operations.md"), "| artifact | what it shows |")
    keys = {key for keys, _ in listed for key in re.findall(r"`([a-z-]+)`", keys)}
    assert keys == set(re.findall(r'\bkey="([a-z-]+)"', source))


def test_every_package_of_the_library_is_listed_in_contributing() -> None:
    rows = rows_of_table(text_of("CONTRIBUTING.md"), "| package | takes → gives |")
    listed = {name for names, _ in rows for name in re.findall(r"`(\w+)`", names)}
    packages = {path.parent.name for path in (PROJECT / "warehouse").glob("*/__init__.py")}
    modules = {path.stem for path in (PROJECT / "warehouse").glob("*.py")} - {"__init__"}
    assert listed - {"seeds"} == packages | modules


def test_the_speed_shown_is_the_one_measured() -> None:
    of_results = ["", "wall s", "CPU s", "peak MB", "wall ÷ ours", "CPU ÷ ours", "memory ÷ ours", "database ÷ text"]
    measured = rows_of_table(text_of("benchmarks/results/bench-100000.md"), f"| {' | '.join(of_results)} |")
    shown = rows_of_table(text_of("docs/speed.md"), "|  | wall s | CPU s | peak MB | database ÷ text |")
    assert shown == [[*row[:4], row[-1]] for row in measured]
    seconds, memory = shown[0][1], shown[0][3]
    assert f"load in {float(seconds):.1f} s with {memory} MB of memory" in " ".join(text_of("README.md").split())
