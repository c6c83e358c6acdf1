"""Official files opened: workbooks, text and Parquet as frames, and what is missing from their layout in a sentence."""

import gzip
import io
from collections.abc import Collection, Mapping
from pathlib import Path

import fastexcel
import polars as pl
from polars.exceptions import PolarsError

from parity.terms.errors import SourceChanged
from parity.terms.publication import Edition, Publication

GZIP = b"\x1f\x8b"
VALUE, MISSING = "value", "missing"
OLDEST = 90
"""The last single year of age that is published; it stands for 90 and over."""
PER_CENT = 100
"""So many per cent are one: what is published in per cent is kept as a share."""


def sheet_names(file: Path) -> list[str]:
    """The names of a workbook's sheets, .xls or .xlsx. Raises SourceChanged for a file that is no workbook."""
    return _workbook(file).sheet_names


def read_sheet(file: Path, sheet: str) -> pl.DataFrame:
    """A workbook's sheet as text, cell by cell: columns `column_0`, `column_1` …, no heading; an empty cell is null.

    Raises SourceChanged where the workbook has no such sheet.
    """
    book = _workbook(file)
    if sheet not in book.sheet_names:
        raise SourceChanged(f"{file.name} has no sheet “{sheet}”; its sheets are {_listed(book.sheet_names)}.")
    read = book.load_sheet(sheet, header_row=None, dtypes="string", skip_whitespace_tail_rows=True)
    frame = read.to_polars()
    return frame.rename({name: f"column_{place}" for place, name in enumerate(frame.columns)})


def _workbook(file: Path) -> fastexcel.ExcelReader:
    try:
        return fastexcel.read_excel(unpacked(file))
    except fastexcel.FastExcelError as error:
        raise SourceChanged(f"{file.name} cannot be read as a workbook: {str(error).splitlines()[0]}.") from None


def under_heading(cells: pl.DataFrame, wanted: Collection[str], *, file: Path) -> pl.DataFrame:
    """The rows under the first row that holds all the wanted headings, its columns named after it in lower case.

    Headings are compared without regard to case and double spaces; columns without one are left out, and of two that
    are alike the first is kept. Raises SourceChanged naming the headings that no row holds together.
    """
    for place, row in enumerate(cells.iter_rows()):
        heads = ["" if head is None else " ".join(str(head).split()).lower() for head in row]
        if {name.lower() for name in wanted} <= set(heads):
            kept = {head: cells.columns[heads.index(head)] for head in heads if head}
            return cells[place + 1 :].select(pl.col(name).alias(head) for head, name in kept.items())
    raise SourceChanged(f"{file.name} has no row with the headings {_listed(wanted)}: its layout has changed.")


def read_text_table(file: Path, *, encoding: str = "utf-8", wanted: Collection[str] = ()) -> pl.DataFrame:
    """A comma-separated file, packed with gzip or not, as text, cell by cell; an empty cell is null.

    Raises SourceChanged naming the wanted columns that it lacks, or where it is no such text.
    """
    try:
        text = unpacked(file).decode(encoding)
        frame = pl.read_csv(io.StringIO(text.removeprefix("\ufeff")), infer_schema=False)
    except (UnicodeDecodeError, PolarsError) as error:
        raise SourceChanged(f"{file.name} cannot be read: {str(error).splitlines()[0]}.") from None
    check_columns(frame, wanted, file=file)
    return frame


def read_cells(file: Path) -> pl.DataFrame:
    """A comma-separated file as text, cell by cell: columns `column_0` …, no heading; an empty cell is null.

    It is read as UTF-8, and as what Windows wrote before where it is none. Raises SourceChanged where it is no table.
    """
    raw = unpacked(file)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    try:
        frame = pl.read_csv(io.StringIO(text), has_header=False, infer_schema=False)
    except PolarsError as error:
        raise SourceChanged(f"{file.name} cannot be read: {str(error).splitlines()[0]}.") from None
    return frame.rename({name: f"column_{place}" for place, name in enumerate(frame.columns)})


def read_parquet_table(file: Path, *, wanted: Collection[str] = ()) -> pl.DataFrame:
    """A Parquet file. Raises SourceChanged naming the wanted columns that it lacks, or where it is none."""
    try:
        frame = pl.read_parquet(file)
    except PolarsError as error:
        raise SourceChanged(f"{file.name} cannot be read as Parquet: {str(error).splitlines()[0]}.") from None
    check_columns(frame, wanted, file=file)
    return frame


def read_table(file: Path, *, wanted: Collection[str] = ()) -> pl.DataFrame:
    """A table that is kept as Parquet or as comma-separated text, with the columns wanted and no others.

    Raises SourceChanged naming the wanted columns that it lacks.
    """
    read = read_parquet_table if file.suffix == ".parquet" else read_text_table
    return read(file, wanted=wanted).select(wanted or pl.all())


def unpacked(file: Path) -> bytes:
    """What a file holds, unpacked where gzip packed it."""
    kept = file.read_bytes()
    return gzip.decompress(kept) if kept.startswith(GZIP) else kept


def in_words(column: pl.Series, words: Mapping[str, str], *, file: Path) -> pl.Series:
    """A column with each code replaced by its word. Raises SourceChanged naming the codes that have none."""
    unknown = sorted(set(column.drop_nulls().unique()) - set(words))
    if unknown:
        raise SourceChanged(f"{file.name} has {_listed(unknown)} in the column “{column.name}”, which is not known.")
    return column.replace_strict(dict(words), return_dtype=pl.String)


def by_pattern(column: pl.Series, words: Mapping[str, str], *, file: Path) -> pl.Series:
    """For each text of a column the word of the first pattern that it holds; the pattern `` is in every text.

    Raises SourceChanged naming the texts that hold none.
    """
    text = pl.col(column.name)
    found = pl.coalesce(pl.when(text.str.contains(sign)).then(pl.lit(word)) for sign, word in words.items())
    given = column.to_frame().select(found.alias("word")).to_series()
    unknown = column.filter(given.is_null()).unique().sort().to_list()
    if unknown:
        raise SourceChanged(f"{file.name}: it is not known of what {_listed(unknown)} is.")
    return given


def check_columns(frame: pl.DataFrame, wanted: Collection[str], *, file: Path) -> None:
    """Nothing. Raises SourceChanged naming the wanted columns that the frame lacks."""
    lacking = [name for name in wanted if name not in frame.columns]
    if lacking:
        raise SourceChanged(
            f"{file.name} has no column {_listed(lacking)}: its layout has changed. It has {_listed(frame.columns)}."
        )


def check_ages(people: pl.DataFrame, *, file: Path) -> None:
    """Nothing. Raises SourceChanged naming the single years of age that an area lacks in a year, for a sex.

    `people` has area, period, sex and age, of which 90 is 90 and over: without one of them the rest would add up to a
    number that looks like everybody.
    """
    groups = people.group_by("area", "period", "sex", maintain_order=True).agg(pl.col("age").unique())
    short = groups.filter(pl.col("age").list.len() != OLDEST + 1).head(1)
    for area, period, sex, ages in short.iter_rows():
        lacking = [str(age) for age in range(OLDEST + 1) if age not in ages]
        raise SourceChanged(
            f"{file.name} has no {sex}s of age {', '.join(lacking) or 'up to 90 alone'} in {area}, mid-{period}: its "
            "layout has changed."
        )


def number_or_reason(cell: str | pl.Expr, reasons: Mapping[str, str]) -> tuple[pl.Expr, pl.Expr]:
    """Two expressions, `value` and `missing`: a text's number, or the publisher's reason for the sign in its place.

    Thousands' commas and spaces around are taken off. An empty cell has the reason of the sign ``; a sign that is not
    among the reasons gives neither, and `checked` refuses such a row.
    """
    text = (pl.col(cell) if isinstance(cell, str) else cell).cast(pl.String).str.strip_chars().fill_null("")
    number = text.str.replace_all(",", "").cast(pl.Float64, strict=False)
    reason = text.replace_strict(dict(reasons), default=None, return_dtype=pl.String)
    return number.alias(VALUE), pl.when(number.is_null()).then(reason).alias(MISSING)


def checked(publication: Publication, edition: Edition, *, file: Path) -> pl.DataFrame:
    """An edition's rows in the publication's types, sorted by its key. Raises SourceChanged for what cannot be right:

    columns that are not the publication's, no row at all, a cell that is no number, an empty key, two rows of one key,
    or a value that is missing without a reason.
    """
    frame, wanted = edition.frame, publication.types
    if list(frame.columns) != list(wanted):
        check_columns(frame, list(wanted), file=file)
        frame = frame.select(list(wanted))
    try:
        typed = frame.with_columns(pl.col(name).cast(kind) for name, kind in wanted.items())
    except PolarsError as error:
        raise SourceChanged(f"{file.name}: {str(error).splitlines()[0]}.") from None
    typed = typed.sort(publication.key)
    as_above = pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in publication.key)
    faults = {
        "there is no row": pl.len() == 0,
        f"a row lacks {_listed(publication.key)}": pl.any_horizontal(pl.col(publication.key).is_null()).any(),
        f"two rows have the same {_listed(publication.key)}": as_above.any(),
    }
    if {VALUE, MISSING} <= set(wanted):
        bare = pl.col(VALUE).is_null() != pl.col(MISSING).is_not_null()
        faults["a number is missing with a sign that is not known, or has a reason beside it"] = bare.any()
    found = typed.select(bad.alias(words) for words, bad in faults.items()).row(0, named=True)
    for words, is_so in found.items():
        if is_so:
            raise SourceChanged(f"{file.name}: {words}; its layout or its signs have changed.")
    return typed


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
