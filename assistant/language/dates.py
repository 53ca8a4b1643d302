"""Dates as news writes them, and when one says no more than another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.language.quantities import UNITS

MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
YEAR = r"(?:1[0-9]|20)\d{2}"
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: ?(?:[-–]|to|and) ?(?P<until>\d{1,2})(?:st|nd|rd|th)?)?"
_COUNTS = [*UNITS, "twenty"]
_DATE = re.compile(
    rf"\b(?P<iso>{YEAR}-\d{{2}}-\d{{2}})\b"
    rf"|(?<![\d/.])(?P<first>\d{{1,2}})(?P<sep>[/.])(?P<second>\d{{1,2}})(?P=sep)(?P<year5>{YEAR})(?![\d/])"
    rf"|\b{_DAY} (?:of )?(?P<month>{MONTH})(?!\w)(?:,? (?P<year>{YEAR}))?(?!\d)"
    rf"|\b(?P<month2>{MONTH}) {_DAY.replace('day', 'day2').replace('until', 'until2')}(?!\d)(?!,\d)(?:,? (?P<year2>{YEAR})\b)?"
    rf"|\b(?P<month3>{MONTH})(?:,| of)? (?P<year3>{YEAR})\b"
    rf"|\b(?P<decade>{YEAR[:-3]}0)s\b"
    rf"|(?<![$€£₹\d.,-])\b(?P<year4>{YEAR})\b(?![,.]\d|-\d)"
    rf"|\b(?:(?P<which>last|next|this|on the following) )?(?P<weekday>{WEEKDAY})s?\b(?! newspaper)"
    rf"|(?<=\b[Ii]n )(?P<bare>{MONTH})(?!\w)"
    rf"|(?<=\b(?:for|mid)[ -])(?P<bare3>(?!May){MONTH})(?!\w| \d)"
    rf"|\b(?:[Ll]ast|[Tt]his|[Nn]ext|[Ee]arly|[Ll]ate|[Ss]ince|[Uu]ntil|[Ff]rom|[Dd]uring|[Bb]y) (?P<bare2>{MONTH})(?!\w| \d)"
    # The date that these lean on is another one, named before.
    r"|\b[Tt]he (?P<step>following|next|previous|preceding) (?P<unit>day|month|year)\b"
    r"|\b[Tt]he (?P<unit2>day|month|year) (?P<step2>before|after)(?=[,.;]|$)"
    rf"|\b(?P<count>\d{{1,2}}|{'|'.join(_COUNTS[1:])}|an?) (?P<unit3>day|month|year)s? (?P<step3>later|earlier)\b"
    r"|\b(?P<step4>[Tt]he same|[Tt]hat) (?P<unit4>day|month|year)\b"
    rf"|\b(?P<relative>[Yy]esterday|[Tt]oday|[Tt]omorrow|(?:[Tt]his|[Ll]ast|[Nn]ext) (?:year|month))\b"
)
_OF_THAT_YEAR = re.compile(r"(?: of| in|,)? (?:the same|that) year\b")
_YEARS_AGO = re.compile(rf"\b(?P<years>\d{{1,2}}|{'|'.join(_COUNTS[1:])}|a) years? (?:ago )?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A day, month, year or decade, or a day of the week; what is None is not said.

    `year` of a `decade` is its first. `inferred` says that the year was not written but follows from the day of publication;
    `leans`, that the whole follows from a date named before ("the day before").
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    decade: bool = False
    inferred: bool = False
    leans: bool = False

    def says_no_more_than(self, other: CalendarDate) -> bool:
        """Whether whoever says `other` also says this: "July 2018" follows from "30 July 2018", and not the reverse."""
        if self.decade and other.year is not None and self.year is not None:
            return other.year // 10 == self.year // 10
        if other.decade:
            return False
        other_weekday = other.weekday
        if other_weekday is None and (known := other.exact()):
            other_weekday = known.weekday()
        mine = (self.year if not self.inferred else None, self.month, self.day, self.weekday)
        theirs = (other.year, other.month, other.day, other_weekday)
        if self.weekday is not None and self.exact():
            mine = (*mine[:3], None)
        return all(value is None or value == found for value, found in zip(mine, theirs, strict=True))

    def exact(self) -> date | None:
        """The day, where all of it is known."""
        if self.year is None or self.month is None or self.day is None:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None


Found = tuple[int, int, tuple[CalendarDate, ...]]


def find_dates(text: str, published: date | None = None, before: CalendarDate | None = None) -> Iterator[Found]:
    """(start, end, readings) of each date in the text, in order; a date has several readings where its words allow several.

    Args:
        text: any text.
        published: the day from which "last Monday" and dates without a year are meant; None leaves them open.
        before: the date named last before the text, on which "the day before" and "24 September of the same year" lean.
    """
    context, read_to = None, 0
    for match in _DATE.finditer(text):
        if match.start() < read_to:
            continue
        for start, end, dates in _from_before(match, text, before) or _read(match, published, context):
            read_to = end
            ago = _YEARS_AGO.search(text[:start]) if published and (match["weekday"] or match["relative"]) else None
            if ago:
                yield ago.start(), end, _years_before("one" if ago["years"].lower() == "a" else ago["years"], dates)
            else:
                yield start, end, dates
            context = next((day.year for day in dates if day.year and not day.inferred and not day.decade), context)
            before = to_lean_on(dates) or before


def to_lean_on(dates: tuple[CalendarDate, ...]) -> CalendarDate | None:
    """The reading that a later "the day before" counts from; None where the date names no year or leans itself."""
    return next((day for day in dates if day.year and not day.decade and not day.leans), None)


def _from_before(match: re.Match[str], text: str, before: CalendarDate | None) -> list[Found]:
    """The date, where its words lean on the one named before: "the day before", "24 September of the same year"."""
    if before is None or before.year is None:
        return []
    start, end = match.span()
    if unit := match["unit"] or match["unit2"] or match["unit3"] or match["unit4"]:
        leaning = _leaning(match, unit, before)
        return [(start, end, (leaning,))] if leaning else []
    month = match["month"] or match["month2"]
    same = _OF_THAT_YEAR.match(text, end) if month else None
    if same is None or month is None or match["until"] or match["until2"]:
        return []
    return [(start, same.end(), (CalendarDate(before.year, _month(month), int(match["day"] or match["day2"])),))]


def _read(match: re.Match[str], published: date | None, context: int | None) -> Iterator[Found]:
    groups = match.groupdict()
    start, end = match.span()
    if groups["iso"] or groups["year5"]:
        if days := _in_figures(match):
            yield start, end, days
        return
    if groups["decade"]:
        yield start, end, (CalendarDate(int(groups["decade"]), decade=True),)
        return
    if groups["weekday"]:
        yield start, end, _weekday(WEEKDAYS.index(groups["weekday"].lower()), groups["which"], published)
        return
    if groups["relative"]:
        if published:
            yield start, end, (_relative(groups["relative"].lower(), published),)
        return
    month_name = groups["month"] or groups["month2"] or groups["month3"] or groups["bare"] or groups["bare2"] or groups["bare3"]
    written = groups["year"] or groups["year2"] or groups["year3"] or groups["year4"]
    month_number = _month(month_name) if month_name else None
    known = CalendarDate(int(written) if written else None, month_number)
    first, last = groups["day"] or groups["day2"], groups["until"] or groups["until2"]
    if groups["bare2"]:
        start = match.start("bare2")
    if first is None:
        if month_name or written:  # else it leans on a date that isn't there
            yield start, end, _with_year(known, published, context)
        return
    if not 1 <= int(first) <= 31:
        return
    cut = match.start("until") if groups["until"] else match.start("until2") if groups["until2"] else None
    yield (
        start,
        (match.end("day") if groups["day"] else match.end("day2")) if cut else end,
        _with_year(replace(known, day=int(first)), published, context),
    )
    if last and cut and 1 <= int(last) <= 31:
        yield cut, end, _with_year(replace(known, day=int(last)), published, context)


def _in_figures(match: re.Match[str]) -> tuple[CalendarDate, ...]:
    """ "2019-03-25", and "4/5/2019", which is in May or in April."""
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        readings = [CalendarDate(year, month, day)]
    else:
        one, two, year = int(match["first"]), int(match["second"]), int(match["year5"])
        readings = [CalendarDate(year, two, one), CalendarDate(year, one, two)]
    return tuple(dict.fromkeys(reading for reading in readings if reading.exact()))


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, start=1) if month.startswith(name.lower().rstrip(".")[:3]))


def _with_year(known: CalendarDate, published: date | None, context: int | None) -> tuple[CalendarDate, ...]:
    """A date without a year is of the year that brings it nearest to the day of publication, or of the year named before it."""
    if known.year is not None or known.month is None:
        return (known,)
    years = []
    if published:
        month, day = known.month, min(known.day or 15, 28)
        years = sorted((published.year + step for step in (-1, 0, 1)), key=lambda y: abs((date(y, month, day) - published).days))[
            :1
        ]
    if context is not None and context not in years:
        years.append(context)
    return tuple(replace(known, year=year, inferred=True) for year in years) or (known,)


def _weekday(number: int, which: str | None, published: date | None) -> tuple[CalendarDate, ...]:
    if published is None:
        return (CalendarDate(weekday=number),)
    back = (published.weekday() - number) % 7
    past = published - timedelta(days=back)
    ahead = past if back == 0 else past + timedelta(days=7)
    match which:
        case "last":
            days = [past - timedelta(days=7)] if back == 0 else [past, past - timedelta(days=7)]
        case "next":
            days = [ahead if back else ahead + timedelta(days=7), past + timedelta(days=14)]
        case _:
            days = [past, ahead]
    return tuple(CalendarDate(day.year, day.month, day.day, number) for day in dict.fromkeys(days))


def _years_before(words: str, days: tuple[CalendarDate, ...]) -> tuple[CalendarDate, ...]:
    number = int(words) if words.isdigit() else _COUNTS.index(words.lower())
    return tuple(replace(day, year=day.year - number, weekday=None) for day in days if day.year)


def _leaning(match: re.Match[str], unit: str, before: CalendarDate) -> CalendarDate | None:
    """The date so many days, months or years from another; None where that one is not known so exactly."""
    step = next(found for name in ("step", "step2", "step3", "step4") if (found := match[name])).lower()
    words = (match["count"] or "one").lower()
    count = int(words) if words.isdigit() else _COUNTS.index(words) if words in _COUNTS else 1
    count *= -1 if step in ("previous", "preceding", "before", "earlier") else 0 if step in ("the same", "that") else 1
    if unit == "day":
        known = before.exact()
        moved = known + timedelta(days=count) if known else None
        return CalendarDate(moved.year, moved.month, moved.day, leans=True) if moved else None
    if before.year is None or (unit == "month" and before.month is None):
        return None
    if unit == "year":
        return CalendarDate(before.year + count, leans=True)
    months = before.year * 12 + (before.month or 1) - 1 + count
    return CalendarDate(months // 12, months % 12 + 1, leans=True)


def _relative(words: str, published: date) -> CalendarDate:
    step = {"last": -1, "this": 0, "next": 1}.get(words.split(maxsplit=1)[0], 0)
    if words.endswith("year"):
        return CalendarDate(published.year + step)
    if words.endswith("month"):
        months = published.year * 12 + published.month - 1 + step
        return CalendarDate(months // 12, months % 12 + 1)
    day = published + timedelta(days={"yesterday": -1, "today": 0, "tomorrow": 1}[words])
    return CalendarDate(day.year, day.month, day.day)
