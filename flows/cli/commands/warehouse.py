"""`pressclip warehouse` and `pressclip maintain`: looking after the warehouse itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows import clock
from flows.cli import options
from flows.cli.output.console import complain, say
from flows.cli.output.forms import print_json
from flows.cli.output.progress import busy
from flows.cli.output.tables import columns, show
from flows.settings import Settings, read_settings
from flows.wording import how_many
from parsers.errors import Drop
from warehouse.database.migrate import applied
from warehouse.database.open import migrate_now, open_warehouse, row_counts, take_all_threads
from warehouse.desk import Desk
from warehouse.loading.landing import landed, quarantined
from warehouse.published.publish import publish
from warehouse.published.read import refuse_absent
from warehouse.upkeep.backup import backup as back_up
from warehouse.upkeep.backup import backup_name, backups, prune_backups
from warehouse.upkeep.backup import restore as restore_backup
from warehouse.upkeep.checks import Violation
from warehouse.upkeep.checks import check as check_warehouse
from warehouse.upkeep.compact import compact as compact_warehouse
from warehouse.upkeep.compact import free_share
from warehouse.upkeep.move import move

if TYPE_CHECKING:
    from flows.steps.maintain import MaintenanceReport
    from warehouse.upkeep.rebuild import Rebuilt

app = typer.Typer(
    no_args_is_help=True,
    help="Check the warehouse, back it up, bring it up to date. All of it is safe while the flows "
    "run: who writes next waits, who reads notices nothing.",
)


@app.command("check")
def check(warehouse: options.Warehouse = None, json: options.Json = False) -> None:
    """Check that the warehouse is whole: no row lost, doubled or left without its article.

    Exit code 1 if a rule is broken; what to do is said with each.

    Examples:
      pressclip warehouse check
    """
    settings, desk = _existing(warehouse)
    with (
        busy("Checking"),
        open_warehouse(desk, wait=settings.lock_wait, on_wait=complain) as wh,
    ):
        take_all_threads(wh)
        with wh.one_state():
            checked, broken = check_warehouse(wh)
    if json:
        print_json({"checked": checked, "broken": [asdict(violation) for violation in broken]})
    elif not broken:
        say(f"{desk.name} is whole: {checked} rules hold.")
    _fail_if_broken(broken, quiet=json)


@app.command("backup")
def backup(
    to: Annotated[
        str | None,
        typer.Argument(
            metavar="TO",
            help="A file or folder. Default: the backups beside the warehouse, of which the "
            "latest PRESSCLIP_KEEP_BACKUPS stay.",
            show_default=False,
        ),
    ] = None,
    warehouse: options.Warehouse = None,
    json: options.Json = False,
) -> None:
    """Copy the whole warehouse, read the copy back and count its rows.

    `pressclip warehouse restore` goes back to it.

    Examples:
      pressclip warehouse backup
      pressclip warehouse backup /mnt/backups/
    """
    settings, desk = _desk(warehouse)
    name = backup_name(desk, clock.now())
    target = _backup_file(to, name) if to else desk.backups / name
    with busy("Copying, and counting the rows of the copy"):
        made = back_up(desk, target, wait=settings.lock_wait, on_wait=complain)
    if to is None:
        prune_backups(desk, settings.keep_backups)
    if json:
        print_json(asdict(made))
    else:
        say(f"{made.path}: {made.size / 1e6:.1f} MB, {how_many(sum(made.rows.values()), 'row')}.")


def _backup_file(to: str, name: str) -> Path:
    """The file that a backup goes to: one of this `name` where `to` is a folder, or is meant as
    one."""
    return Path(to) / name if to.endswith("/") or Path(to).is_dir() else Path(to)


@app.command("restore")
def restore(
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="A backup, or any published copy. Default: the latest backup beside the "
            "warehouse.",
            show_default=False,
        ),
    ] = None,
    warehouse: options.Warehouse = None,
) -> None:
    """Make a backup the warehouse again, and publish it. The warehouse as it is now is kept.

    Examples:
      pressclip warehouse restore
      pressclip warehouse restore press-2026-03-31.duckdb
    """
    settings, desk = _desk(warehouse)
    dated = (path for path in backups(desk) if path.name.startswith(desk.published.stem))
    found = source or next(dated, None)
    if found is None:
        others = ", ".join(path.name for path in backups(desk)) or "none of another kind"
        raise Drop(
            "no_backup",
            f"There is no backup in {desk.backups} that somebody took; there is {others}. Name a "
            "file to restore from.",
        )
    now, wait = clock.now(), settings.lock_wait
    with busy("Restoring"):
        aside = restore_backup(desk, found, now=now, wait=wait, on_wait=complain)
        publish(desk, now=clock.now(), wait=wait, on_wait=complain)
    kept = f" What was there before is kept as {aside}." if aside else ""
    say(f"{desk.published} is as it was in {found}.{kept}")


@app.command("info")
def info(warehouse: options.Warehouse = None, json: options.Json = False) -> None:
    """Where the warehouse's files are, how big they are, and what waits beside them.

    Examples:
      pressclip warehouse info
    """
    settings, desk = _existing(warehouse)
    with open_warehouse(desk, wait=settings.lock_wait, on_wait=complain) as wh:
        facts: dict[str, object] = {
            "version": applied(wh).version,
            "rows": sum(row_counts(wh).values()),
            "free_share": round(free_share(wh), 3),
        }
    facts |= {
        "private_file": desk.private,
        "private_bytes": desk.private.stat().st_size,
        "published_file": desk.published,
        "published_bytes": desk.published.stat().st_size if desk.published.exists() else None,
        "landed_batches": len(landed(desk)),
        "quarantined_batches": len(quarantined(desk)),
        "backups": [str(path) for path in backups(desk)],
    }
    if json:
        print_json(facts)
    else:
        rows = ((name.replace("_", " "), value) for name, value in facts.items())
        show(columns(("what", "value"), rows), wrap=True)


@app.command("migrate")
def migrate(
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="PATH|URL",
            help="Copy everything to this empty place instead, and prove that it arrived: a file, "
            "or a DuckLake as docs/ducklake.md tells. The source is not changed.",
        ),
    ] = None,
    warehouse: options.Warehouse = None,
    json: Annotated[
        bool, typer.Option("--json", help="With --to: the proof as JSON for machines.")
    ] = False,
) -> None:
    """Bring the warehouse's tables and views up to date with this version of pressclip; or move it.

    Every command that writes brings them up to date by itself; this one says what it did. A backup
    is taken before tables change. A warehouse that a newer pressclip made is left alone. Then the
    warehouse is checked; exit code 1 if it is not whole.

    Examples:
      pressclip warehouse migrate
      pressclip warehouse migrate --to press.duckdb
    """
    settings, desk = _desk(warehouse)
    if to is not None:
        move_to(settings, desk, to, json=json)
        return
    done = migrate_now(desk, wait=settings.lock_wait, on_wait=complain)
    before = done.before.version
    if not done.nothing:
        publish(desk, now=clock.now(), wait=settings.lock_wait, on_wait=complain)
    if done.nothing:
        say(f"{desk.name} is up to date: version {before}.")
    elif done.migrations:
        say(f"{desk.name}: from version {before} to {done.migrations[-1].version}.")
        for migration in done.migrations:
            say(f"  {migration.name}")
        if before and not desk.lake:
            say(f"A backup from before is in {desk.backups}.")
    else:
        say(f"{desk.name}: version {before}, with the views and macros of this pressclip.")
    _check_after(settings, desk, quiet=False)


@app.command("rebuild")
def rebuild(warehouse: options.Warehouse = None, json: options.Json = False) -> None:
    """Mend a warehouse that is not whole, as far as what was loaded tells how it should be.

    Stories follow anew from the copies on record, entries from all decisions about them; what is
    whole stays as it is. A backup is taken before; a DuckLake keeps its earlier state itself. Exit
    code 1 if a rule is broken even then.

    Examples:
      pressclip warehouse rebuild
    """
    from warehouse.published.search_index import discard_index, index_path
    from warehouse.upkeep.rebuild import rebuild as rebuild_warehouse

    settings, desk = _existing(warehouse)
    kept = None
    if not desk.lake and desk.private.exists():
        kept = desk.backups / backup_name(desk, clock.now())
        back_up(desk, kept, wait=settings.lock_wait, on_wait=complain)
    with (
        busy("Rebuilding"),
        open_warehouse(desk, wait=settings.lock_wait, on_wait=complain) as wh,
    ):
        done = rebuild_warehouse(wh, clock.now())
    if done.articles:
        # It may hold the words of a row that went; the next search makes it anew.
        discard_index(index_path(desk))
    publish(desk, now=clock.now(), wait=settings.lock_wait, on_wait=complain)
    if json:
        print_json({"backup": kept} | asdict(done))
    else:
        show(columns(("what was wrong", "rows"), _mended(done)))
        if kept:
            say(f"A backup from before is {kept}.")
    _check_after(settings, desk, quiet=json)


@app.command("compact")
def compact(warehouse: options.Warehouse = None, json: options.Json = False) -> None:
    """Rewrite the warehouse's file without the space that changed and deleted rows left.

    `pressclip maintain` does it when it pays. Needs room for a second file.

    Examples:
      pressclip warehouse compact
    """
    settings, desk = _desk(warehouse)
    with busy("Rewriting the file"):
        done = compact_warehouse(desk, wait=settings.lock_wait, on_wait=complain)
    if json:
        print_json(asdict(done))
    else:
        say(f"{desk.private}: from {done.before / 1e6:.1f} to {done.after / 1e6:.1f} MB.")


def maintain(warehouse: options.Warehouse = None, json: options.Json = False) -> None:
    """Check the warehouse, let go of what is old, and give space back where it pays.

    For once a day, beside running flows. What goes, and when, the PRESSCLIP_KEEP_… settings say;
    articles, their revisions and stories always stay. Exit code 1 if the warehouse is not whole;
    then nothing is removed.

    Examples:
      pressclip maintain
    """
    from flows.steps.maintain import maintain as maintain_warehouse

    settings, _ = _existing(warehouse)
    with busy("Checking and tidying up"):
        report = maintain_warehouse(settings, on_wait=complain)
    if json:
        print_json(asdict(report))
    elif not report.broken:
        show(columns(("what", "result"), _done(report)))
        if report.doubt:
            complain(report.doubt)
    _fail_if_broken(report.broken, quiet=json)


def _done(report: MaintenanceReport) -> Iterable[tuple[str, object]]:
    yield "rules that hold", report.checked
    for name, count in asdict(report.removed).items() if report.removed else ():
        yield f"{name.replace('_', ' ')} removed", count
    yield "files removed", report.files_removed
    if report.compaction:
        done = report.compaction
        yield "compacted", f"{done.before / 1e6:.1f} to {done.after / 1e6:.1f} MB"


def _desk(warehouse: str | None) -> tuple[Settings, Desk]:
    settings = read_settings(warehouse=warehouse)
    return settings, settings.desk()


def _existing(warehouse: str | None) -> tuple[Settings, Desk]:
    """The same for who looks after a warehouse: it is there, or will be with the next load."""
    settings, desk = _desk(warehouse)
    if not landed(desk):
        refuse_absent(desk)
    return settings, desk


def _mended(done: Rebuilt) -> Iterable[tuple[str, int]]:
    yield "articles in several rows, or with revisions miscounted", done.articles
    yield "articles in another story than their copies", done.regrouped
    yield "stories missing, or telling wrong of their articles", done.stories
    yield "mentions that stood twice", done.mentions
    yield "entries with another one's words", done.words
    yield "the same, and nothing is known of their own", done.unknown_words
    yield "entries in another state than was decided", done.states
    yield "entries whose article is lost: they wait to be read again", done.asked_again


def _check_after(settings: Settings, desk: Desk, *, quiet: bool) -> None:
    """Checks what a command left; says so, and fails where it is not whole."""
    with (
        busy("Checking"),
        open_warehouse(desk, wait=settings.lock_wait, on_wait=complain) as wh,
    ):
        take_all_threads(wh)
        with wh.one_state():
            checked, broken = check_warehouse(wh)
    if not broken and not quiet:
        say(f"{desk.name} is whole: {checked} rules hold.")
    _fail_if_broken(broken, quiet=quiet)


def _fail_if_broken(broken: tuple[Violation, ...], *, quiet: bool) -> None:
    if not broken:
        return
    if not quiet:
        rows = (
            (violation.rule, violation.count, violation.advice, violation.examples)
            for violation in broken
        )
        show(columns(("rule", "broken", "what to do", "examples"), rows), wrap=True)
    raise typer.Exit(1)


def move_to(settings: Settings, source: Desk, to: str, *, json: bool) -> None:
    """Moves everything to the warehouse that `to` names, and shows the proof."""
    target = Desk.at(to, settings.desks, settings.storage())

    def copied(name: str, rows: int) -> None:
        complain(f"copied {name}: {how_many(rows, 'row')}")

    moved = move(source, target, wait=settings.lock_wait, on_wait=complain, on_table=copied)
    publish(target, now=clock.now(), wait=settings.lock_wait, on_wait=complain)
    if json:
        print_json({"from": source.name, "to": target.name} | asdict(moved))
        _check_after(settings, target, quiet=True)
        return
    rows = ((table.name, table.rows, table.checksum, "same in both") for table in moved.tables)
    show(columns(("table", "rows", "checksum", "proof"), rows))
    say(
        f"{target.name} has everything that {source.name} has, {moved.landed_batches} landed "
        f"batches included. The source is as it was; name the new place with --warehouse or "
        f"PRESSCLIP_WAREHOUSE from now on."
    )
    _check_after(settings, target, quiet=False)
