"""Mailboxes among what a user names as sources: who is asked for the password, and how long their mails are here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import click

from kemitraan_xl.intake.imap.address import Mailbox
from kemitraan_xl.intake.imap.client import fetch
from kemitraan_xl.intake.imap.folder import clear_leftovers, private_folder
from kemitraan_xl.intake.imap.trouble import PASSWORD, Trouble
from kemitraan_xl.intake.model import Fetched, Source

#: Shows work while the context lasts: told the number of mails, and how many more are there.
Working = Callable[[], AbstractContextManager[tuple[Callable[[int], None], Callable[[int], None]]]]


@contextmanager
def at_hand(sources: Sequence[Source | Mailbox], working: Working) -> Iterator[Sequence[Source]]:
    """The sources, with the mails of every mailbox in place of it; they are gone when the context ends.

    Raises Trouble, also when only one of several mailboxes cannot be fetched.
    """
    mailboxes = [source for source in sources if isinstance(source, Mailbox)]
    if mailboxes:
        with private_folder() as folder:
            fetched = _fetched(mailboxes, folder, working)
            yield [fetched[source] if isinstance(source, Mailbox) else source for source in dict.fromkeys(sources)]
    else:
        clear_leftovers()
        yield [source for source in sources if not isinstance(source, Mailbox)]


def _fetched(mailboxes: Sequence[Mailbox], folder: Path, working: Working) -> dict[Mailbox, Fetched]:
    passwords = _passwords(mailboxes)
    fetched: dict[Mailbox, Fetched] = {}
    for mailbox in dict.fromkeys(mailboxes):
        place = folder / str(len(fetched))
        place.mkdir(mode=0o700)
        with working() as (started, progress):
            fetched[mailbox] = fetch(mailbox, passwords[mailbox.account], place, started, progress)
    return fetched


def _passwords(mailboxes: Sequence[Mailbox]) -> dict[str, str]:
    """The password of every account. The one from the environment goes to one account, and to no other program."""
    accounts = {mailbox.account: mailbox for mailbox in mailboxes}
    given = os.environ.pop(PASSWORD, "")
    if given and len(accounts) == 1:
        return dict.fromkeys(accounts, given)
    if not (sys.stdin and sys.stdin.isatty()):
        raise Trouble("several" if given else "no_password", mailboxes[0])
    return {account: _asked(account) for account in accounts}


def _asked(account: str) -> str:
    answer: str = click.prompt(f"Sandi surel untuk {account}", hide_input=True, err=True)
    return answer
