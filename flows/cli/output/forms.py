"""Tables for programs: JSON, CSV, and lines parted by tabs. Times are UTC in all of them."""

from __future__ import annotations

import csv
import json
import sys
from enum import StrEnum

from flows.cells import as_json, cell, csv_cell, in_one_line, objects
from flows.cli.output.console import complain
from warehouse.published.read import Table


class Form(StrEnum):
    """What programs read."""

    JSON = "json"
    CSV = "csv"
    TSV = "tsv"


def write(table: Table, form: Form, *, as_asked: bool = False) -> None:
    """`table` in `form` on standard output. That there are more rows is said beside it, unless so
    many were `as_asked`: nothing in what is written tells."""
    if form is Form.JSON:
        print_json(objects(table))
    elif form is Form.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(map(csv_cell, row) for row in table.rows)
    else:
        write_lines(table, names=True)
    if table.cut and not as_asked:
        complain(f"more rows than these {len(table.rows)}; --limit says how many you want.")


def write_lines(table: Table, *, names: bool) -> None:
    """A line for each row, its cells parted by tabs; a line of `names` first, if wanted."""
    if names:
        sys.stdout.write("\t".join(map(in_one_line, table.columns)) + "\n")
    for row in table.rows:
        sys.stdout.write("\t".join(in_one_line(cell(value)) for value in row) + "\n")


def print_json(value: object) -> None:
    """`value` as JSON on standard output: times in ISO 8601, UTF-8 as it is."""
    text = json.dumps(as_json(value), ensure_ascii=False, allow_nan=False, indent=1)
    sys.stdout.write(text + "\n")
