"""Word and spreadsheet files without a clock: the same content gives the same bytes."""

import io
import re
import zipfile

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first date a zip archive can hold."""

_PROPERTIES = "docProps/core.xml"
_DATES = re.compile(rb"<dcterms:(created|modified)\b[^>]*>.*?</dcterms:\1>", re.DOTALL)


def without_clock(content: bytes) -> bytes:
    """The same archive with every entry dated 1980-01-01 and the dates taken out of its properties."""
    sealed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as found, zipfile.ZipFile(sealed, "w") as written:
        for entry in found.infolist():
            body = found.read(entry)
            if entry.filename == _PROPERTIES:
                body = _DATES.sub(b"", body)
            stamped = zipfile.ZipInfo(entry.filename, date_time=EARLIEST)
            stamped.compress_type = zipfile.ZIP_DEFLATED
            stamped.create_system = 0
            written.writestr(stamped, body)
    return sealed.getvalue()
