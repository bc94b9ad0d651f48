"""The files that go back: per returned file the current template with the partner's own values, marked, and a mail.

A file that could not be read gets only a mail. Accepted files get neither: nothing is asked of the partner, and
what KPAI may want to know of them stands in Temuan. Nor does a PDF or photo that came in one mail with a return.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kemitraan_xl.book.template import build_template
from kemitraan_xl.consolidate import Recap
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.intake.refusal import is_foreign
from kemitraan_xl.letter import refusal_mail, reply_mail
from kemitraan_xl.marks import Returned
from kemitraan_xl.reply_lines import Copy, marks_of, sheet_order
from kemitraan_xl.reply_values import cut_off, left_over
from kemitraan_xl.restore import left_out, periods
from kemitraan_xl.safe_write import replace_file
from kemitraan_xl.verdicts import Return
from validation.contract import LEVELS, lists
from validation.findings import Finding

#: Findings for KPAI's own staff: they name another partner, or tell what the partner itself has changed.
_INTERNAL: Final = frozenset({"ST-23", "ST-24"})

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_NAME_LENGTH = 90


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back for one return: a mail, with it the marked file when the return could be read."""

    entry: Return
    mail: Path
    book: Path | None


def write_replies(recap: Recap, folder: Path) -> list[Path]:
    """Write everything that goes back into `folder`; returns the files written, in order. Raises as `answered` does."""
    replies = list(answered(recap, folder))
    return [path for reply in replies for path in (reply.book, reply.mail) if path]


def answered(recap: Recap, folder: Path, only: Collection[str] = ()) -> Iterator[Reply]:
    """Write what goes back into `folder`, which is made if need be, one return after the other.

    With `only`, those of the returns of these names. Files of the same name are replaced, nothing else is touched.
    Same recap, same bytes. Raises Impossible when a file that was handed in would be overwritten, OSError when
    something cannot be written; what was written before is whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    meant = periods(recap)
    names = _names(recap.returns, meant)
    handed_in = {entry.arrival.path.resolve() for entry in recap.listed}
    for name in names.values():
        if {(folder / f"{name}{suffix}").resolve() for suffix in (".xlsx", ".eml")} & handed_in:
            raise Impossible(f"{folder} memuat kiriman mitra; pilih folder lain untuk berkas yang dikembalikan.")
    for number, name in names.items():
        entry, mail = recap.returns[number], folder / f"{name}.eml"
        if only and entry.arrival.name not in only:
            continue
        if entry.verdict == "ditolak":
            replace_file(mail, refusal_mail(entry, recap.today))
            yield Reply(entry, mail, None)
        else:
            book = folder / f"{name}.xlsx"
            returned = write_returned(recap, number, meant[number], book)
            replace_file(mail, reply_mail(entry, returned, book, recap.today))
            yield Reply(entry, mail, book)


def write_returned(recap: Recap, number: int, period: str, target: Path) -> Returned:
    """Write the marked file of one return at `target`, issued for `period`; returns what it shows. Raises OSError."""
    entry = recap.returns[number]
    spare = [*cut_off(entry), *left_over(entry)]
    copy = Copy.of(entry, bool(spare), period, left_out(recap, number))
    shown = [pair for finding in entry.findings if _tells(finding) for pair in copy.lines(finding)]
    shown.sort(key=lambda item: (LEVELS.index(item[1].level), sheet_order(entry.kind, item[1].sheet)))
    kind = entry.language.of(lists()["jenis_berkas"][entry.kind].label)
    returned = Returned(
        about=" · ".join(part for part in (entry.partner or entry.arrival.own_name, kind, period) if part),
        lines=[line for _, line in shown],
        marks=marks_of(shown, entry.language),
        spare=spare,
    )
    build_template(
        entry.kind,
        target,
        mitra=entry.partner,
        kode=entry.code,
        periode=period,
        prefill=copy.values,
        per_tanggal=recap.today,
        returned=returned,
        bahasa=entry.language.code,
    )
    return returned


def _tells(finding: Finding) -> bool:
    """Whether a partner is told: not what is for KPAI's staff, nor that a text was read as what it says."""
    return finding.code not in _INTERNAL and finding.tells


# ---- names of the files ---- #


def _names(returns: Sequence[Return], meant: Mapping[int, str]) -> dict[int, str]:
    """The name, without suffix, of what goes back, by number of the return; never one name twice.

    Where two would be alike, each gets a mark of its own file, so that neither depends on who else handed in.
    """
    sent = ("dikembalikan", "ditolak")
    brought = {_mail(entry) for entry in returns if entry.verdict not in ("ditolak", "dilewati")} - {None}
    plain = {
        number: _name(entry, meant[number])
        for number, entry in enumerate(returns)
        if entry.verdict in sent and not (is_foreign(entry.reason) and _mail(entry) in brought)
    }
    count = Counter(name.casefold() for name in plain.values())
    return {
        number: name if count[name.casefold()] == 1 else f"{name} {_own(returns[number])}"
        for number, name in plain.items()
    }


def _mail(entry: Return) -> Hashable:
    """The mail, or else the archive, in which a file came; None for one that lay in a folder."""
    arrival = entry.arrival
    return (arrival.path, arrival.mail or arrival.inside[:-1]) if arrival.inside else None


def _name(entry: Return, period: str) -> str:
    if entry.verdict == "ditolak":
        whole = f"Ditolak {entry.arrival.own_name}"
    else:
        parts = (entry.code, entry.partner or Path(entry.arrival.own_name).stem, entry.kind, period)
        whole = " ".join(part for part in parts if part)
    return " ".join(_UNSAFE.sub(" ", whole).split())[:_NAME_LENGTH].strip(" .") or "Tanpa nama"


def _own(entry: Return) -> str:
    return hashlib.sha256(f"{entry.arrival.name}\n{entry.arrival.sha256}".encode()).hexdigest()[:8]
