"""Numbers and amounts in rupiah as Indonesians write them: a text goes in, everything it may mean comes out.

No reading is the empty list; two readings mean that only the person who typed the text can tell, and None
among them stands for "left empty". Every text must be folded (`contract.fold`). Standard library only.
"""

from __future__ import annotations

import re
from decimal import Decimal

Number = int | float

#: Spreadsheets keep 15 digits; a longer number no longer says what was typed.
LIMIT = 10**15

_NOTHING = frozenset(("nihil", "nol"))
_FREE = _NOTHING | {"gratis", "cuma-cuma", "tanpa biaya", "tidak ada biaya"}

#: What a word after the figures multiplies by. "M" is milyar for Indonesians, million for others.
_SCALES: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("ribu", "rb", "k", "thousand"), (10**3,)),
    **dict.fromkeys(("juta", "jt", "million"), (10**6,)),
    **dict.fromkeys(("miliar", "milyar", "billion"), (10**9,)),
    **dict.fromkeys(("triliun", "trilyun", "trillion"), (10**12,)),
    "m": (10**9, 10**6),
}


def show_number(number: Number) -> str:
    """A number with decimal comma and without thousands, so that it is not taken for another: "1500,25"."""
    return format(Decimal(f"{number:.15g}"), "f").replace(".", ",")


def show_rupiah(value: Number) -> str:
    """An amount as people write it: "Rp 1.500.000", "-Rp 1.500", "Rp 1.500,50"."""
    text = f"{abs(value):,.2f}".translate({ord(","): ".", ord("."): ","}).removesuffix(",00")
    return f"-Rp {text}" if value < 0 and text != "0" else f"Rp {text}"


# ---- bare figures ---- #


def _grouped(group: str, point: str) -> re.Pattern[str]:
    """Figures with one separator (or spaces) for thousands and the other for the fraction.

    "1500.000" is not read: it is a slip for 1.500.000 as likely as 1500 with three decimals.
    """
    return re.compile(
        rf"(?:0|[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})*)(?:{point}[0-9]+)?"
        rf"|[1-9][0-9]{{3,}}(?:{point}(?![0-9]{{3}}$)[0-9]+)?"
        rf"|[1-9][0-9]{{0,2}}(?: [0-9]{{3}})+(?:{point}[0-9]{{1,2}})?"
    )


_INDONESIAN, _ENGLISH = _grouped(r"\.", ","), _grouped(",", r"\.")


def _figures(text: str) -> list[Decimal]:
    """Every number that figures may mean, the Indonesian reading first: "1.500" is 1500 or 1,5."""
    found = []
    if _INDONESIAN.fullmatch(text):
        found.append(Decimal(text.replace(".", "").replace(" ", "").replace(",", ".")))
    if _ENGLISH.fullmatch(text):
        found.append(Decimal(text.replace(",", "").replace(" ", "")))
    return list(dict.fromkeys(number for number in found if number < LIMIT))


def _plain(number: Decimal) -> Number:
    return int(number) if number % 1 == 0 else float(number)


# ---- numbers ---- #

_ROW_NUMBER = re.compile(r"([0-9]{1,3})[.)]?")


def numbers_in(text: str) -> list[Number | None]:
    """Every number that a text may mean: "1,5", "1.500,25"; "12 %" is 12 or 0,12."""
    if text in _NOTHING:
        return [0]
    if not text.strip("-"):
        return [None, 0]
    sign = -1 if text.startswith("-") else 1
    factors = (Decimal(1), Decimal("0.01")) if text.endswith("%") else (Decimal(1),)
    found = _figures(text.removeprefix("-").removesuffix("%").rstrip())
    return [_plain(sign * number * factor) for number in found for factor in factors]


def integers_in(text: str) -> list[Number | None]:
    """Every whole number that a text may mean; "01" and "1." are row numbers, a share is never a count."""
    if match := _ROW_NUMBER.fullmatch(text):
        return [int(match[1])]
    found = [] if text.endswith("%") else numbers_in(text)
    return found if len(found) > 1 else [number for number in found if isinstance(number, int)]


# ---- amounts ---- #

_AMOUNT = re.compile(
    r"(?:(?P<mark>rp\.?|idr) ?)?"
    r"(?P<figures>[0-9](?:[0-9., ]*[0-9])?)"
    rf"(?: ?(?P<scale>{'|'.join(_SCALES)})\.?)?"
    r"(?P<tail> ?[.,] ?(?:--?|=))?"
    r"(?: ?(?P<unit>rupiah|rp\.?|idr))?"
)
# "-Rp 500", "Rp -500", "(Rp 500)", "Rp (500)"; the dash of "Rp-500" or "- 500" need not be a minus.
_NEGATIVE = re.compile(r"(?P<mark>(?:rp\.?|idr)(?: |(?=\()))?(?:-(?P<signed>[0-9r].*)|\((?P<bracketed>[^()]+)\))")
_FOREIGN = re.compile(
    r"[$€£¥]|(?<![a-z])(?:usd|eur|sgd|aud|gbp|jpy|myr|cny|chf|dollars?|dolar|euro|yen|ringgit)(?![a-z])"
)


def is_foreign(text: str) -> bool:
    """Whether a text names another currency than the rupiah (A-30)."""
    return bool(_FOREIGN.search(text))


def amounts_in(text: str) -> list[Number | None]:
    """Every amount in rupiah that a text may mean; no arithmetic, no other currency, no number words."""
    if text in _FREE:
        return [0]
    if not text.removeprefix("rp").strip(" .-") and "-" in text:
        return [None, 0]
    negative = _NEGATIVE.fullmatch(text)
    if negative:
        text = (negative["mark"] or "") + (negative["signed"] or negative["bracketed"]).strip()
    match = _AMOUNT.fullmatch(text)
    if not match:
        return []
    sign = -1 if negative else 1
    return [_plain(sign * amount) for amount in _weighed(match, bool(negative)) if amount < LIMIT]


def _weighed(match: re.Match[str], negative: bool) -> list[Decimal]:
    """The readings of the figures that their scale and the marks of an amount of money leave standing."""
    figures, scale, tail = match["figures"], match["scale"], match["tail"]
    found = _figures(figures)
    if scale and " " in figures:  # "150 500 juta" has lost a dash as likely as a point
        return []
    if scale:
        amounts = [number * factor for factor in _SCALES[scale] for number in found]
        return [amount for amount in amounts if amount * 100 % 1 == 0]
    if tail:  # ",-" ends whole rupiah: what might be a fraction are thousands
        return [number for number in found if number % 1 == 0 and _may_be_sen(figures, number, True)]
    marked = bool(match["mark"] or match["unit"] or negative)
    if len(found) > 1:  # "1.500": after "Rp" or a minus the point groups thousands, as money is written here
        return found[:1] if marked and "," not in figures else found
    return [number for number in found if _may_be_sen(figures, number, marked)]


def _may_be_sen(figures: str, number: Decimal, marked: bool) -> bool:
    """Whether a fraction can be sen: "1,5" alone has lost its "juta", "500.00" perhaps a nought."""
    decimals = -int(number.as_tuple().exponent)
    if decimals <= 0 or not number:
        return True
    two_after_comma = decimals == 2 and "," in figures and (marked or number % 1 == 0)
    return decimals <= 2 and (number >= 1000 or two_after_comma)
