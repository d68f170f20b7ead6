"""The prompt of `press sql`: a statement ends with a semicolon, Tab completes names, the arrows go back in history.

By prompt_toolkit, on which IPython is built: 0.4 MB. The package of DuckDB's own command line has 62 MB, a DuckDB of
another version, and commands that read files and start programs.
"""

from collections.abc import Iterator

import duckdb
from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.lexers import PygmentsLexer
from pygments.lexers.sql import SqlLexer

from warehouse.errors import UsageError
from warehouse.settings import Settings

LEAVE = ("exit", "quit", ".exit", ".quit", "\\q")
HELP = ("help", ".help", "?")
WORDS = """\
A statement ends with a semicolon and may have several lines. For example:
  show tables;
  describe mart_release;
  select publisher, count(*) from mart_release group by all order by 2 desc;
Tab completes, Ctrl-R searches what you typed before, Ctrl-C stops a statement, Ctrl-D leaves.
"""


def prompt(con: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[str]:
    """The texts that a person enters, until they leave."""
    session: PromptSession[str] = PromptSession(
        "press> ",
        multiline=Condition(lambda: not is_complete(get_app().current_buffer.text)),
        prompt_continuation="   ... ",
        lexer=PygmentsLexer(SqlLexer),
        completer=WordCompleter(_names(con), ignore_case=True),
        complete_while_typing=False,
        history=_history(settings),
    )
    print("The published copy, read-only. “help” says how, Ctrl-D leaves.")
    while True:
        try:
            text = session.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        match text.strip().rstrip(";").strip().lower():
            case word if word in LEAVE:
                return
            case word if word in HELP:
                print(WORDS, end="")
            case word if word:
                yield text


def is_complete(text: str) -> bool:
    """Whether Enter ends the text rather than a line of it."""
    word = text.strip().lower()
    return not word or word.endswith(";") or word in (*LEAVE, *HELP)


def _names(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute(
        """
        select table_name from duckdb_columns() where not internal
        union
        select column_name from duckdb_columns() where not internal
        union
        select keyword_name from duckdb_keywords()
        order by all
        """
    ).fetchall()
    return [name for (name,) in rows]


def _history(settings: Settings) -> History:
    """What was entered before, which only this user may read; in memory where there is no place to keep it."""
    try:
        path = settings.pace.with_name("sql-history")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except (UsageError, OSError):
        return InMemoryHistory()
    return FileHistory(path)
