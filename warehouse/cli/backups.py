"""The commands about backups: backup, restore."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from warehouse.cli.terminal import WarehouseOption, settings_at

backup_commands = typer.Typer()


@backup_commands.command()
def backup(warehouse: WarehouseOption = None) -> None:
    """Back up the warehouse and its archive, and restore the copy for a test."""
    from warehouse.publish.restore import back_up_and_rehearse
    from warehouse.report.text import count, short

    settings = settings_at(warehouse)
    new, releases, older = back_up_and_rehearse(settings, datetime.now(UTC))
    print(f"Backed up {short(settings.warehouse)} to {short(new.folder)}.")
    print(f"  {count(releases, 'release')}, {count(len(new.archive), 'file')} of the archive; restored for a test.")
    if older:
        print(f"  Removed older ones: {', '.join(older)}.")


@backup_commands.command()
def restore(
    name: Annotated[str | None, typer.Argument(help="A backup, like 20250601T033000Z; the newest if left out.")] = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Put a backup in the place of the warehouse."""
    from warehouse.publish.restore import restore as run
    from warehouse.report.text import count, short

    settings = settings_at(warehouse)
    restoration = run(settings, name)
    print(f"Restored {short(settings.warehouse)} from {short(restoration.backup.folder)}.")
    files = count(restoration.files, "file")
    print(f"  {count(restoration.releases, 'release')}, all checks passed; {files} of the archive put back.")
    if restoration.old_warehouse.exists():
        print(f"  What was replaced is {short(restoration.old_warehouse)}.")
    if restoration.newer_loads:
        print(f"  Newer than the backup: {count(restoration.newer_loads, 'load')}, which `press rebuild` takes in.")
    if restoration.damage:
        print(f"  The backup lacks what would mend the archive. {restoration.damage}")
        raise typer.Exit(1)
