"""What the verbs on exit packs do."""

from argparse import Namespace
from pathlib import Path

from django.conf import settings

from parity.register.models import Programme
from parity.terms.errors import NotFound
from parity.web.backup.drill import digests
from parity.web.backup.verbs import tell
from parity.web.exit_pack.scope import programme_digests
from parity.web.exit_pack.taking_in import take_in
from parity.web.exit_pack.writing import write_exit_pack
from parity.web.verbs import migrate
from parity.web.verifying import BROKEN, WHOLE, verify_chain


def export(given: Namespace) -> int:
    """0; the whole programme is in the file."""
    path = Path(given.file)
    sha256 = write_exit_pack(the_programme(given.programme), path, settings.PARITY_HOME)
    tell(f"The whole programme is in {path}, with what each partner keeps to itself: mind who gets it.")
    tell(f"Its SHA-256 is {sha256}.")
    return 0


def take(given: Namespace) -> int:
    """0; the programme of the pack is here. 1 where an event or a record was altered before it came: each is told."""
    migrate()
    programme = take_in(Path(given.file), settings.PARITY_HOME)
    tell(f"“{programme.title}” is here as {programme.slug}. Its people can sign in once they are invited.")
    return BROKEN if verify_chain(programme.slug) else WHOLE


def digest(given: Namespace) -> int:
    """0; the digest of every table and file is printed, of the whole instance or of one programme."""
    home = settings.PARITY_HOME
    found = programme_digests(the_programme(given.programme), home) if given.programme else digests(home)
    for name, (size, sha256) in found:
        tell(f"{sha256} {size:>9} {name}")
    return 0


def the_programme(slug: str) -> Programme:
    """The programme of this name. Raises NotFound naming those that there are."""
    found = Programme.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Programme.objects.order_by("slug").values_list("slug", flat=True)) or "none"
        raise NotFound(f"No programme is called “{slug}”. There are: {known}.")
    return found
