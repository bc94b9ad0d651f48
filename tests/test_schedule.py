"""What falls due and when: dates worked out by hand from IV.B to IV.G and the settings A-33 to A-35."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kemitraan_xl.pedoman.load import load
from kemitraan_xl.schedule import URGENCY, Decision, Obligation, Records, Term, obligations, warning
from validation.contract import lists
from validation.periods import Period, add_months, periods_between

SETTINGS = load().choose()
TODAY = date(2026, 11, 24)


def day(text: str) -> date:
    return date.fromisoformat(text)


def due(term: Term, today: date = TODAY, records: Records | None = None, **settings: object) -> list[Obligation]:
    chosen = load().choose({code.replace("_", "-"): value for code, value in settings.items()})
    return obligations(term, records or Records(), chosen, today)


def dates(found: Sequence[Obligation], kind: str) -> list[str]:
    return [one.due.isoformat() for one in found if one.kind == kind]


# ---- periods ---- #


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-S1", "2026-01-01", "2026-06-30"),
        ("2026-S2", "2026-07-01", "2026-12-31"),
        ("2026-T1", "2026-01-01", "2026-03-31"),
        ("2026-T4", "2026-10-01", "2026-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
    ],
)
def test_a_period_is_its_text_and_its_days(text: str, first: str, last: str) -> None:
    period = Period.read(text.lower())
    assert period is not None
    assert (period.text, period.first, period.last) == (text, day(first), day(last))
    assert Period.around(day(last), period.months) == period
    assert period.following.first == day(last) + timedelta(days=1)


@pytest.mark.parametrize(
    "text", ["", "26-S1", "2026-S3", "2026-T5", "2026-T0", "2026-13", "2026-00", "2026-1", "S1", "1850"]
)
def test_other_texts_are_no_period(text: str) -> None:
    assert Period.read(text) is None


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 2000), st.sampled_from([1, 3, 6, 12]))
def test_periods_cover_a_term_without_gap(first: date, length: int, months: int) -> None:
    last = first + timedelta(days=length)
    found = list(periods_between(first, last, months))
    assert found[0].first <= first <= found[0].last
    assert found[-1].first <= last <= found[-1].last
    assert all(one.following == other for one, other in pairwise(found))
    assert [Period.read(one.text) for one in found] == found


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2025-03-31", 0, "2025-03-31"),
    ],
)
def test_months_later(start: str, months: int, end: str) -> None:
    assert add_months(day(start), months) == day(end)


# ---- a whole term ---- #

YEAR = Term(day("2026-01-15"), day("2027-01-14"))


def test_a_year_from_mid_january_by_hand() -> None:
    """Half-yearly reports (A-33a), half of 364 days is 182 (A-35a), 30 and 60 days after the end (A-34, A-35b)."""
    found = due(YEAR)
    assert [(one.kind, one.period, one.due.isoformat(), one.limit.isoformat(), one.status) for one in found] == [
        ("kemajuan", "2026-S1", "2026-07-01", "2026-07-15", "terlambat"),
        ("kemajuan", "2026-S2", "2027-01-01", "2027-01-15", "belum_jatuh_tempo"),
        ("kemajuan", "2027-S1", "2027-01-15", "2027-01-29", "belum_jatuh_tempo"),
        ("pemantauan", "", "2026-07-15", "2026-07-29", "terlambat"),
        ("formatif", "", "2026-07-16", "2026-07-30", "terlambat"),
        ("perpanjangan", "", "2026-10-16", "2027-01-14", "jatuh_tempo"),
        ("akhir", "", "2027-02-13", "2027-02-27", "belum_jatuh_tempo"),
        ("sumatif", "", "2027-03-15", "2027-03-29", "belum_jatuh_tempo"),
    ]
    # The fourth quarterly meeting would be on 15 January 2027, after the end.
    assert dates(due(YEAR, day("2026-07-16")), "rapat") == ["2026-10-15"]
    order = [item.code for item in lists()["kewajiban"]]
    assert [order.index(one.kind) for one in found] == sorted(order.index(one.kind) for one in found)


@pytest.mark.parametrize(
    ("months", "periods"),
    [
        (1, ["2026-03", "2026-04", "2026-05", "2026-06", "2026-07"]),
        (3, ["2026-T1", "2026-T2", "2026-T3"]),
        (6, ["2026-S1", "2026-S2"]),
        (12, ["2026"]),
        (4, ["2026-S1", "2026-S2"]),  # not on offer: as in Pengaturan
        (None, ["2026-S1", "2026-S2"]),
    ],
)
def test_a_cooperation_has_an_interval_of_its_own(months: int | None, periods: list[str]) -> None:
    found = due(Term(day("2026-03-31"), day("2026-07-01"), report_months=months))
    assert [one.period for one in found if one.kind == "kemajuan"] == periods


def test_settings_rule_where_the_cooperation_says_nothing() -> None:
    term = Term(day("2026-01-01"), day("2026-12-31"))
    changed = due(term, day("2026-01-01"), A_33a=3, A_33b=2, A_33c=1, A_33d=0, A_34=45, A_35a=25, A_35b=0)
    assert [one.period for one in changed if one.kind == "kemajuan"] == ["2026-T1", "2026-T2", "2026-T3", "2026-T4"]
    assert {kind: dates(changed, kind) for kind in ("pemantauan", "rapat", "formatif", "akhir", "sumatif")} == {
        "pemantauan": ["2026-03-01"],
        "rapat": ["2026-02-01"],
        "formatif": ["2026-04-02"],  # a quarter of 364 days
        "akhir": ["2027-02-14"],
        "sumatif": ["2026-12-31"],
    }
    assert all(one.limit == one.due for one in changed if one.kind != "perpanjangan")


@pytest.mark.parametrize(
    ("term", "obstacle"),
    [
        (Term(None, day("2026-01-01")), "tanpa_tanggal"),
        (Term(day("2026-01-01"), None), "tanpa_tanggal"),
        (Term(day("2026-01-02"), day("2026-01-01")), "terbalik"),
        (Term(day("2026-01-01"), day("2026-12-31"), in_force=False), "belum_berlaku"),
        (Term(day("2026-01-01"), day("2026-12-31")), ""),
    ],
)
def test_without_a_sound_term_nothing_falls_due(term: Term, obstacle: str) -> None:
    assert term.obstacle == obstacle
    assert bool(due(term)) == (not obstacle)


def test_a_term_of_one_day_and_a_leap_day() -> None:
    leap = day("2024-02-29")
    found = due(Term(leap, leap), leap)
    assert dates(found, "kemajuan") == ["2024-03-01"]
    assert dates(found, "pemantauan") == ["2024-02-29"]  # at least once, by the end
    assert dates(found, "rapat") == []
    assert dates(found, "formatif") == dates(found, "perpanjangan") == ["2024-02-29"]
    assert dates(found, "akhir") == ["2024-03-30"]


# ---- extension ---- #


@pytest.mark.parametrize(
    ("decisions", "end", "closed"),
    [
        ([], "2026-12-31", False),
        ([Decision(day("2026-10-01"), True, day("2027-12-31"))], "2027-12-31", False),
        # The latest decision rules, not the furthest date.
        (
            [
                Decision(day("2026-11-01"), True, day("2027-06-30")),
                Decision(day("2026-10-01"), True, day("2027-12-31")),
            ],
            "2027-06-30",
            False,
        ),
        ([Decision(day("2026-10-01"), False)], "2026-12-31", True),
        ([Decision(None, False)], "2026-12-31", True),
        # Closed before it was extended: the extension rules.
        (
            [Decision(day("2026-09-01"), False), Decision(day("2026-10-01"), True, day("2027-12-31"))],
            "2027-12-31",
            False,
        ),
        (
            [Decision(day("2027-11-01"), False), Decision(day("2026-10-01"), True, day("2027-12-31"))],
            "2027-12-31",
            True,
        ),
        ([Decision(day("2026-10-01"), True, None)], "2026-12-31", False),
    ],
)
def test_the_latest_decision_moves_the_end(decisions: list[Decision], end: str, closed: bool) -> None:
    term = Term(day("2026-01-01"), day("2026-12-31"), decisions=decisions)
    assert term.last_day == day(end)
    assert term.closed == closed
    (decision,) = (one for one in due(term) if one.kind == "perpanjangan")
    assert decision.limit == day(end)
    assert decision.due == day(end) - timedelta(days=90)
    assert (decision.status == "diterima") == closed


# ---- status ---- #


@pytest.mark.parametrize(
    ("today", "status"),
    [
        ("2026-06-30", "belum_jatuh_tempo"),
        ("2026-07-01", "jatuh_tempo"),
        ("2026-07-15", "jatuh_tempo"),
        ("2026-07-16", "terlambat"),
    ],
)
def test_grace_of_fourteen_days(today: str, status: str) -> None:
    assert due(YEAR, day(today))[0].status == status


@pytest.mark.parametrize(
    ("records", "statuses"),
    [
        (Records(accepted=frozenset({"2026-S1"})), {"2026-S1": "diterima", "2026-S2": "belum_jatuh_tempo"}),
        (Records(returned=frozenset({"2026-S1"})), {"2026-S1": "dikembalikan"}),
        (Records(accepted=frozenset({"2026-S1"}), returned=frozenset({"2026-S1"})), {"2026-S1": "diterima"}),
        (Records(accepted=frozenset({"2025-S2"})), {"2026-S1": "terlambat"}),
    ],
)
def test_what_came_in_comes_before_the_calendar(records: Records, statuses: dict[str, str]) -> None:
    found = {one.period: one.status for one in due(YEAR, records=records) if one.kind == "kemajuan"}
    assert found.items() >= statuses.items()


def test_what_was_done_is_done_once_its_day_has_come() -> None:
    done = Records(final_returned=True, midway=[TODAY], closing=[TODAY + timedelta(days=1)])
    found = {one.kind: one.status for one in due(YEAR, records=done)}
    assert (found["formatif"], found["sumatif"], found["akhir"]) == ("diterima", "belum_jatuh_tempo", "dikembalikan")
    assert {one.status for one in due(YEAR, records=Records(final_accepted=True)) if one.kind == "akhir"} == {
        "diterima"
    }


def test_what_closed_the_first_term_does_not_close_the_extended_one() -> None:
    """A summative evaluation stands at the end (IV.C.4); after an extension that end is still to come."""
    extended = replace(YEAR, decisions=[Decision(day("2026-10-01"), True, day("2027-12-31"))])
    judged = day("2027-02-01")
    for done, status in (("2026-09-30", "belum_jatuh_tempo"), ("2026-10-01", "diterima")):
        found = due(extended, judged, Records(closing=[day(done)]))
        assert [one.status for one in found if one.kind == "sumatif"] == [status]


@pytest.mark.parametrize(
    ("visits", "today", "expected"),
    [
        ([], "2026-02-01", ["2026-07-15"]),
        (["2026-05-31"], "2026-06-01", ["2026-11-30"]),
        (["2026-05-31"], "2026-05-30", ["2026-07-15"]),  # planned, not yet made
        (["2025-12-31"], "2026-06-01", ["2026-07-15"]),  # before the start
        (["2026-08-01"], "2026-09-01", []),  # half a year on, the term is over
        ([], "2027-01-15", []),
    ],
)
def test_the_next_visit_follows_the_last(visits: list[str], today: str, expected: list[str]) -> None:
    records = Records(visits=[day(visit) for visit in visits])
    assert dates(due(YEAR, day(today), records), "pemantauan") == expected


def test_statuses_are_those_of_the_list() -> None:
    assert set(URGENCY) == {item.code for item in lists()["status_laporan"]}


# ---- documents ---- #


@pytest.mark.parametrize(
    ("left", "code"), [(-1, "-1"), (0, "30"), (30, "30"), (31, "60"), (60, "60"), (61, "90"), (90, "90"), (91, "")]
)
def test_warning_at_30_60_and_90_days(left: int, code: str) -> None:
    assert warning(TODAY + timedelta(days=left), TODAY) == code
