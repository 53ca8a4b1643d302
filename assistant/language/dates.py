"""Dates as news writes them, and when one says no more than another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.language.number_words import ORDINAL, UNITS, ordinal
from assistant.language.years import YEAR, is_counted

MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|Jun(?:e|\.)?|Jul(?:y|\.)?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
MONTH = rf"(?:{_MONTH}|{_MONTH.upper()})"  # in capitals too; "may" and "march" are verbs
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: ?(?:[-–]|to|and) ?(?P<until>\d{1,2})(?:st|nd|rd|th)?)?"
_COUNTS = [*UNITS, "twenty"]
# A hyphen before a year is a minus or belongs to a name, but in "mid-2023".
_JOINED = "|".join(rf"(?<=\b{each}-)" for each in "mid pre post late early".split())
_NO_AMOUNT = rf"(?<![$€£₹\d.,])(?:(?<!-)|{_JOINED})(?<![$€£₹] )(?<!Rs )(?<!Rs\. )(?:\b|(?<=\bFY))"
_TO_A_MONTH = (
    rf",? ?(?:and|or|to|till|until|through|[-–]) ?(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?)?(?P<next_month>{MONTH})"
    rf"(?: \d{{1,2}}(?:st|nd|rd|th)?)?,? (?P<next_year>{YEAR})\b"
)
_PART_OF = "|".join(
    rf"(?<=\b{each} of )" for each in "end start beginning middle month half night morning day days weeks".split()
)
_DATE = re.compile(
    rf"\b(?P<iso>{YEAR}-\d{{2}}-\d{{2}})(?:T\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?(?:Z|[+-]\d{{2}}:?\d{{2}})?)?(?!\w)"
    rf"|(?<![\d/.-])(?P<first>\d{{1,2}})(?P<sep>[/.-])(?P<second>\d{{1,2}})(?P=sep)(?P<year5>{YEAR}|(?<=/)\d{{2}})(?![\d/])"
    rf"|(?<![^\W\d]-)\b{_DAY}(?: (?:of )?|-)(?P<month>{MONTH})(?!\w)(?:(?:,? |-)(?P<year>{YEAR}))?(?!\d)"
    # the fifth of May
    rf"|\b(?P<day3>{ORDINAL}) of (?P<month4>{MONTH})(?!\w)(?:,? (?P<year7>{YEAR}))?(?!\d)"
    rf"|\b(?P<month2>{MONTH}) (?:the )?{_DAY.replace('day', 'day2').replace('until', 'until2')}"
    rf"(?!\d)(?!,\d)(?:,? (?P<year2>{YEAR})\b)?"
    rf"|\b(?P<month3>{MONTH})(?:,| of)? (?P<year3>{YEAR})\b"
    rf"|\b(?P<decade>{YEAR[:-3]}0)(?:s|(?<=\b[Tt]he \d{{4}})['’]s)\b|(?<!\w)['’‘](?P<short_decade>[1-9]0)s\b"
    # 2018-2020 · 2018-19; a span that begins before 1700 is more often one of numbers.
    rf"|{_NO_AMOUNT}(?P<year6>(?:1[7-9]|20)\d{{2}})[-–/](?P<last_year>(?:1[7-9]|20)?\d{{2}})\b(?![,.–-]\d)"
    rf"|{_NO_AMOUNT}(?P<year4>{YEAR})\b(?![,.]\d|-\d)"
    r"|\bFY ?['’]?(?P<fiscal>\d{2})(?:[-–/](?P<fiscal_end>\d{2}))?\b"
    rf"|\b(?:(?P<which>last|next|this|(?:[Oo]n )?[Tt]he following) )?(?P<weekday>{WEEKDAY})s?\b(?! newspaper)"
    rf"|(?<=\b[Ii]n )(?P<bare>{MONTH})(?!\w)|\b(?P<bare4>{MONTH})(?={_TO_A_MONTH})"
    rf"|(?<=\b(?:for|mid|end)[ -])(?P<bare3>(?!May){MONTH})(?!\w| \d)"
    rf"|(?:{_PART_OF})(?P<bare5>{MONTH})(?!\w)"
    r"|\b(?P<lead>[Ll]ast|[Tt]his|[Nn]ext|[Ee]arly|[Ll]ate|[Ss]ince|[Uu]ntil|[Ff]rom|[Dd]uring|[Bb]y)"
    rf" (?P<bare2>{MONTH})(?!\w| \d)"
    # The date that these lean on is another one, named before.
    r"|\b[Tt]he (?P<step>following|next|previous|preceding) (?P<unit>day|month|year)\b"
    r"|\b[Tt]he (?P<unit2>day|month|year) (?P<step2>before|after)(?=[,.;]|$)"
    rf"|\b(?P<count>\d{{1,2}}|(?i:{'|'.join(_COUNTS[1:])}|an?)) (?P<unit3>day|month|year)s? (?P<step3>later|earlier)\b(?! than\b)"
    r"|\b(?P<step4>[Tt]he same|[Tt]hat) (?P<unit4>day|month|year)\b"
    rf"|\b(?P<relative>[Yy]esterday|[Tt]oday|[Tt]omorrow|(?:[Tt]his|[Ll]ast|[Nn]ext) (?:year|month))\b"
)
_SHARES_A_YEAR = re.compile(_TO_A_MONTH)
_OF_THAT_YEAR = re.compile(r"(?: of| in|,)? (?:the same|that) year\b")
_OF_A_NEAR_YEAR = re.compile(r",? (?P<relative>(?:last|this|next) year)\b")
_YEARS = rf"\d{{1,2}}|{'|'.join(_COUNTS[1:])}|a"
_YEARS_AGO = re.compile(
    rf"\b(?P<years>{_YEARS}) years? ago $|\b(?:it (?:will be|is)|it['’](?:ll be|s)) (?P<years2>{_YEARS}) years? $", re.IGNORECASE
)
_LONGEST_AGO = 60  # characters
_BESIDE = re.compile(r"(?: (?:morning|afternoon|evening|night))?(?:,? |,? \()(?:the |an? )?")


# As people type it: "nov 2023", "12 january 1995"; without a year "may" and "march" are verbs.
_TYPED_MONTH = re.compile(
    rf"\b(?P<month>{_MONTH})(?![\w-])(?=(?: \d{{1,2}}(?:st|nd|rd|th)?,?)?(?: of|,)? {YEAR}\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A day, month, year or decade, or a day of the week; what is None is not said.

    `year` of a `decade` is its first. `inferred` says that the year was not written but follows from the day of publication;
    `leans`, that the whole follows from a date named before ("the day before"); `named`, that the day of the week is written
    beside its date ("Thursday, 5 July").
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    decade: bool = False
    inferred: bool = False
    leans: bool = False
    named: bool = False

    def says_no_more_than(self, other: CalendarDate) -> bool:
        """Whether whoever says `other` also says this: "July 2018" follows from "30 July 2018", and not the reverse."""
        if self.decade and other.year is not None and self.year is not None:
            return other.year // 10 == self.year // 10
        if other.decade:
            return False
        if other.named and not self.named and self.weekday is not None:
            return self.weekday == other.weekday
        other_weekday = other.weekday
        if other_weekday is None and (known := other.exact()):
            other_weekday = known.weekday()
        mine = (self.year if not self.inferred else None, self.month, self.day, self.weekday)
        theirs = (other.year, other.month, other.day, other_weekday)
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
    held: Found | None = None  # until it is known whether the next one is of the same day
    for match in _DATE.finditer(text):
        if match.start() < read_to:
            continue
        for found in _from_before(match, text, before) or _read(match, published, context):
            read_to = found[1]
            current = _years_before(found, text) if published and (match["weekday"] or match["relative"]) else found
            merged = _of_one_day(held, current, text) if held else None
            if held and not merged:
                yield held
            held = merged or current
            context = next((day.year for day in held[2] if day.year and not day.inferred and not day.decade), context)
            before = to_lean_on(held[2]) or before
    if held:
        yield held


def with_months_written_out(text: str) -> str:
    """The text with the months that stand before a year as newspapers write them: "November 2023" for "nov 2023"."""
    return _TYPED_MONTH.sub(lambda found: MONTHS[_month(found["month"]) - 1].capitalize(), text)


def to_lean_on(dates: tuple[CalendarDate, ...]) -> CalendarDate | None:
    """The reading that a later "the day before" counts from; None where the date names no year or leans itself."""
    return next((day for day in dates if day.year and not day.decade and not day.leans), None)


def _of_one_day(one: Found, other: Found, text: str) -> Found | None:
    """ "Thursday, 5 July 2018" and "5 July 2018, a Thursday" as one date; None where the two are not of one day."""
    if not _BESIDE.fullmatch(text, one[1], other[0]):
        return None
    weekday, day = (one, other) if _is_weekday(one) else (other, one)
    if not _is_weekday(weekday) or _is_weekday(day):
        return None
    number = weekday[2][0].weekday
    fitting = [known for known in day[2] if known.day and ((exact := known.exact()) is None or exact.weekday() == number)]
    if not fitting:
        return None
    return one[0], other[1], tuple(replace(known, weekday=number, named=True) for known in fitting)


def _is_weekday(found: Found) -> bool:
    return all(day.weekday is not None and not day.named for day in found[2])


def _from_before(match: re.Match[str], text: str, before: CalendarDate | None) -> list[Found]:
    """The date, where its words lean on the one named before: "the day before", "24 September of the same year"."""
    if before is None or before.year is None:
        return []
    start, end = match.span()
    if (match["which"] or "").endswith("following") and (known := before.exact()):
        number = WEEKDAYS.index(match["weekday"].lower())
        day = known + timedelta(days=(number - known.weekday() - 1) % 7 + 1)
        return [(start, end, (CalendarDate(day.year, day.month, day.day, number, leans=True),))]
    if unit := match["unit"] or match["unit2"] or match["unit3"] or match["unit4"]:
        leaning = _leaning(match, unit, before)
        return [(start, end, (leaning,))] if leaning else []
    month = match["month"] or match["month2"]
    same = _OF_THAT_YEAR.match(text, end) if month else None
    if same is None or month is None or match["until"] or match["until2"]:
        return []
    return [(start, same.end(), (CalendarDate(before.year, _month(month), int(match["day"] or match["day2"])),))]


def _read(match: re.Match[str], published: date | None, context: int | None) -> Iterable[Found]:
    dates: tuple[CalendarDate, ...] = ()
    if match["year6"]:
        return _span_of_years(match)
    if match["iso"] or match["year5"]:
        dates = _in_figures(match)
    elif match["fiscal"]:
        return _fiscal_years(match)
    elif match["decade"] or match["short_decade"]:
        dates = _decade(match)
    elif match["weekday"]:
        dates = _weekday(WEEKDAYS.index(match["weekday"].lower()), match["which"], published)
    elif match["relative"]:
        dates = (_relative(match["relative"].lower(), published),) if published else ()
    else:
        return _month_or_year(match, published, context)
    return [(*match.span(), dates)] if dates else []


def _month_or_year(match: re.Match[str], published: date | None, context: int | None) -> Iterator[Found]:
    """A date of a month or a year, with or without its day; two where it has two days."""
    groups = match.groupdict()
    start, end = match.span()
    if groups["year4"] and is_counted(match.string, start, end):
        return
    names = ("month", "month2", "month3", "month4", "bare", "bare2", "bare3", "bare4", "bare5")
    month_name = next((groups[name] for name in names if groups[name]), None)
    written = groups["year"] or groups["year2"] or groups["year3"] or groups["year4"] or groups["year7"]
    month_number = _month(month_name) if month_name else None
    known = CalendarDate(int(written) if written else _shared_year(match, month_number), month_number)
    first, last = groups["day"] or groups["day2"] or groups["day3"], groups["until"] or groups["until2"]
    if published and known.year is None and (near := _OF_A_NEAR_YEAR.match(match.string, end)):
        known, end = replace(known, year=_relative(near["relative"], published).year), near.end()
    if groups["bare2"]:
        start = match.start("bare2")
        known = _last_or_next(known, groups["lead"].lower(), published)
    if first is None:
        if month_name or written:  # else it leans on a date that isn't there
            yield start, end, _with_year(known, published, context)
        return
    day = int(first) if first.isdigit() else ordinal(first)
    if not 1 <= day <= 31:
        return
    cut = match.start("until") if groups["until"] else match.start("until2") if groups["until2"] else None
    yield (
        start,
        (match.end("day") if groups["day"] else match.end("day2")) if cut else end,
        _with_year(replace(known, day=day), published, context),
    )
    if last and cut and 1 <= int(last) <= 31:
        yield cut, end, _with_year(replace(known, day=int(last)), published, context)


def _decade(match: re.Match[str]) -> tuple[CalendarDate, ...]:
    """ "The 1980s", and "the '80s", which are the same; "the '20s" are of either century."""
    if match["decade"]:
        return (CalendarDate(int(match["decade"]), decade=True),)
    decade = int(match["short_decade"])
    return tuple(CalendarDate(century + decade, decade=True) for century in ((1900, 2000) if decade <= 20 else (1900,)))


def _span_of_years(match: re.Match[str]) -> Iterator[Found]:
    """The two ends of "2018-2020" and "2018-19"; nothing where the second isn't later ("2018-05") or they count something."""
    first, last = int(match["year6"]), int(match["last_year"])
    if last < 100:
        last += first // 100 * 100 + (100 if last == 0 else 0)  # "1999-00"
    if first < last and not is_counted(match.string, *match.span()):
        yield *match.span("year6"), (CalendarDate(first),)
        yield *match.span("last_year"), (CalendarDate(last),)


def _fiscal_years(match: re.Match[str]) -> Iterator[Found]:
    """ "FY20" is 2020, and "FY20-21" both."""
    for name in ("fiscal", "fiscal_end"):
        if match[name]:
            yield *match.span(name), (CalendarDate(_whole(match[name])),)


def _whole(year: str) -> int:
    """The year that two figures stand for, as POSIX has it: "69" is 1969, "68" 2068."""
    return int(year) + (0 if len(year) > 2 else 1900 if int(year) >= 69 else 2000)


def _shared_year(match: re.Match[str], month: int | None) -> int | None:
    """The year that a month has from the one after it: 2018 in "between March and July 2018"."""
    shared = _SHARES_A_YEAR.match(match.string, match.end()) if month else None
    return int(shared["next_year"]) - (month > _month(shared["next_month"])) if shared and month else None


def _last_or_next(known: CalendarDate, lead: str, published: date | None) -> CalendarDate:
    """In "next May" and "last May" the year too is said, to whoever knows the day of publication."""
    if published is None or known.year or known.month is None or lead not in ("last", "next"):
        return known
    step = -(known.month >= published.month) if lead == "last" else known.month <= published.month
    return replace(known, year=published.year + step)


def _in_figures(match: re.Match[str]) -> tuple[CalendarDate, ...]:
    """ "2019-03-25", and "4/5/2019", which is in May or in April."""
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        readings = [CalendarDate(year, month, day)]
    else:
        one, two, year = int(match["first"]), int(match["second"]), _whole(match["year5"])
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
    if published is None or (which and which.endswith("following")):
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


def _years_before(found: Found, text: str) -> Found:
    """The date as many years earlier as the words before it say: "two years ago last Thursday"."""
    start, end, days = found
    ago = _YEARS_AGO.search(text, max(0, start - _LONGEST_AGO), start)
    if ago is None or not days[0].year:
        return found
    group = "years" if ago["years"] else "years2"
    words = ago[group].lower()
    number = int(words) if words.isdigit() else 1 if words == "a" else _COUNTS.index(words)
    return ago.start(group), end, tuple(replace(day, year=day.year - number, weekday=None) for day in days if day.year)


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
