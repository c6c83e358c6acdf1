"""What is wrong with a chain of events. Stands alone: any Python from 3.9 on runs it, and it reads nothing else.

python rules.py HEAD < EVENTS.jsonl     one event a line; HEAD is the hash of an event, noted elsewhere, or left out

Each event holds the hash of the one before, so that none can be altered, removed, inserted or moved without a trace.
Only the end can be cut off, or the whole written anew: that is what a HEAD noted elsewhere finds.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator

START = "0" * 64


def hash_of(event: dict[str, object]) -> str:
    """The SHA-256 of the event without its own hash, written as JSON with sorted keys and no spaces."""
    body = {name: value for name, value in event.items() if name != "hash"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def faults(events: Iterable[dict[str, object]], head: str = "") -> Iterator[str]:
    """A sentence for each event that is altered, missing, inserted or out of order; none where the chain is whole."""
    number, last, noted = 0, START, not head
    for event in events:
        stated = given if isinstance(given := event.get("number"), int) else number + 1
        if hash_of(event) != event.get("hash"):
            yield f"Event {stated} was altered."
        if stated > number + 1:
            missing = f"event {number + 1}" if stated == number + 2 else f"events {number + 1} to {stated - 1}"
            yield f"Before event {stated}, {missing} must stand: removed or moved."
        elif stated <= number:
            yield f"Event {stated} stands after event {number}: inserted or moved."
        elif event.get("previous") != last:
            yield f"Event {stated} does not follow event {number} as it is now: one of the two was replaced."
        number, last, noted = stated, str(event.get("hash")), noted or event.get("hash") == head
    if not noted:
        yield f"The chain ends with event {number}, and none has the hash that was noted: its end was cut or replaced."


def read_event(line: bytes) -> dict[str, object]:
    """The event in a line, with nothing in it where the line holds none."""
    try:
        return dict(json.loads(line))
    except (TypeError, ValueError):
        return {}


def main(head: str = "") -> int:
    """0 where the chain on standard input is whole, else 1; every fault is printed."""
    found = list(faults((read_event(line) for line in sys.stdin.buffer if line.strip()), head))
    sys.stdout.write("\n".join(found or ["The chain is whole."]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
