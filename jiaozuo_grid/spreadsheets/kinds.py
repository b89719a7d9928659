"""What a column can hold: reading a cell, comparing with what is stored, writing it out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.spreadsheets.text import cell_text, plain, tidy

# A number that Excel shows as 4.1E+17 has lost its last digits.
_SCIENTIFIC = re.compile(r"^[+-]?\d(\.\d+)?[eE]\+?\d{1,3}$")


class CellFault(Exception):
    """What is wrong with a cell, and what to do about it."""

    def __init__(self, code: str, cause: str, remedy: str) -> None:
        super().__init__(cause)
        self.code, self.cause, self.remedy = code, cause, remedy


class Kind:
    """How a cell is read (``parse``), compared (``same``) and written (``show``)."""

    # Whether Excel must not take the cell for a number.
    as_text = True

    def parse(self, cell: Any) -> Any:
        """The value of a filled cell; raises ``CellFault``."""
        raise NotImplementedError

    def same(self, stored: Any, given: Any) -> bool:
        """Whether what is given changes nothing."""
        return bool(stored == given)

    def merged(self, stored: Any, given: Any) -> Any:
        """What will be stored."""
        return given

    def show(self, value: Any) -> Any:
        """The value as an export holds it."""
        return "" if value is None else value

    def preview(self, value: Any) -> str:
        """The value as the preview of an import shows it."""
        return str(self.show(value))

    def options(self) -> list[str]:
        """What may be chosen, for a drop-down; none when anything may be entered."""
        return []

    def hint(self) -> str:
        """How to fill the column, for the notes of a template."""
        return ""


@dataclass(frozen=True)
class Text(Kind):
    max_length: int = 200

    def parse(self, cell: Any) -> str:
        text = tidy(_exact(cell))
        if len(text) > self.max_length:
            raise CellFault(
                "too_long",
                _("This has %(n)d characters; %(most)d are possible.")
                % {"n": len(text), "most": self.max_length},
                _("Shorten it."),
            )
        return text

    def same(self, stored: Any, given: Any) -> bool:
        return tidy(stored or "") == given


@dataclass(frozen=True)
class Number(Text):
    """A number that is a name (of a certificate, a registration): no spaces, large letters."""

    def parse(self, cell: Any) -> str:
        return plain(super().parse(cell)).upper()

    def same(self, stored: Any, given: Any) -> bool:
        return plain(stored or "").upper() == given


def _exact(cell: Any) -> str:
    """The text of a cell; raises ``CellFault`` where Excel has lost digits of a long number."""
    text = cell_text(cell)
    lost = isinstance(cell, float) and abs(cell) >= 1e15
    if lost or (isinstance(cell, str) and _SCIENTIFIC.match(plain(text))):
        raise CellFault(
            "digits_lost",
            _("A spreadsheet program took this long number for a quantity; its end is lost."),
            _("Format the column as text, then enter the whole number again."),
        )
    return text


@dataclass(frozen=True)
class Whole(Kind):
    least: int = 0
    most: int = 2_147_483_647
    as_text = False

    def parse(self, cell: Any) -> int:
        text = plain(cell_text(cell)).replace(",", "")
        if not re.fullmatch(r"[+-]?\d{1,15}(\.0+)?", text):
            raise CellFault(
                "not_whole", _("This is not a whole number."), _("Enter digits only, such as 120.")
            )
        return int(_between(int(float(text)), self.least, self.most))

    def hint(self) -> str:
        return _("A whole number.")


@dataclass(frozen=True)
class Decimal(Kind):
    least: float = 0
    most: float = 1e12
    as_text = False

    def parse(self, cell: Any) -> float:
        text = plain(cell_text(cell))
        if not re.fullmatch(r"[+-]?\d{1,12}(\.\d{1,17})?", text):
            raise CellFault(
                "not_number", _("This is not a number."), _("Enter a number such as 113.2417.")
            )
        return _between(float(text), self.least, self.most)

    def hint(self) -> str:
        return _("A number with decimals.")


def _between(number: float, least: float, most: float) -> float:
    if not least <= number <= most:
        raise CellFault(
            "out_of_range",
            _("This is not between %(least)s and %(most)s.") % {"least": least, "most": most},
            _("Correct the number."),
        )
    return number


_DATE = re.compile(r"^(\d{4})(?:[-/.年\\](\d{1,2})[-/.月\\](\d{1,2})日?|(\d{2})(\d{2}))$")
_CLOCK = re.compile(r"(?:T|(?<=日))?\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Day(Kind):
    """A day, in any of the forms in which offices write it. ``past``: not later than today."""

    past: bool = False

    def parse(self, cell: Any) -> date:
        day = _day(cell)
        if self.past and day > today():
            raise CellFault(
                "future", _("This day is still to come."), _("Correct the year, month or day.")
            )
        return day

    def hint(self) -> str:
        return _("Such as 2024-01-05; 2024/1/5, 2024.1.5, 20240105 and 2024年1月5日 work too.")


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = plain(cell_text(cell))
    if re.fullmatch(r"\d{5}", text) and 10_000 <= int(text) <= 73_050:
        return _EXCEL_EPOCH + timedelta(days=int(text))
    found = _DATE.match(text) or _DATE.match(_CLOCK.sub("", text))
    if found is None:
        raise CellFault(
            "not_date",
            _("This is not a date with year, month and day."),
            _("Write it as 2024-01-05."),
        )
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        found_day = date(year, month, day)
    except ValueError:
        raise CellFault(
            "no_such_day", _("There is no such day in the calendar."), _("Correct the date.")
        ) from None
    _between(year, 1900, 2200)
    return found_day


@dataclass(frozen=True)
class Clock(Kind):
    """A time of the day."""

    def parse(self, cell: Any) -> time:
        if isinstance(cell, datetime):
            return cell.time().replace(second=0, microsecond=0)
        if isinstance(cell, time):
            return cell.replace(second=0, microsecond=0)
        if isinstance(cell, float) and 0 <= cell < 1:
            minutes = round(cell * 24 * 60)
            return time(minutes // 60 % 24, minutes % 60)
        found = re.fullmatch(r"(\d{1,2})[:时点](\d{2})?分?(?::\d{2})?", plain(cell_text(cell)))
        if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
            raise CellFault(
                "not_time", _("This is not a time of the day."), _("Write it as 19:30.")
            )
        return time(int(found[1]), int(found[2] or 0))

    def show(self, value: Any) -> Any:
        return "" if value is None else f"{value:%H:%M}"

    def hint(self) -> str:
        return _("Such as 19:30.")


@dataclass(frozen=True)
class Years(Kind):
    """Years, separated by 、 or a comma; a year is added and never taken away."""

    least: int = 1994

    def parse(self, cell: Any) -> tuple[int, ...]:
        years = set()
        for part in re.split(r"[、,，;；/|\s年]+", cell_text(cell)):
            text = plain(part)
            if not text:
                continue
            if not re.fullmatch(r"\d{4}", text) or not self.least <= int(text) <= today().year:
                raise CellFault(
                    "not_year",
                    _("“%(text)s” is not a year from %(first)d to %(last)d.")
                    % {"text": text[:20], "first": self.least, "last": today().year},
                    _("Write the years as 2023、2024."),
                )
            years.add(int(text))
        return tuple(sorted(years))

    def same(self, stored: Any, given: Any) -> bool:
        return set(given) <= set(stored or ())

    def merged(self, stored: Any, given: Any) -> Any:
        return tuple(sorted({*(stored or ()), *given}))

    def show(self, value: Any) -> Any:
        return "、".join(str(year) for year in value or ())

    def hint(self) -> str:
        return _("Years separated by “、”; a year that is missing here is not taken away.")


@dataclass(frozen=True)
class Phone(Kind):
    """A mobile number. A masked one, as exports hold it, changes nothing (its value is None)."""

    def parse(self, cell: Any) -> str | None:
        text = re.sub(r"[-()]", "", plain(_exact(cell)))
        text = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", text)
        if re.fullmatch(r"1\d{2}\*{4}\d{4}", text):
            return None
        if not re.fullmatch(r"1\d{10}", text):
            digits = len(re.sub(r"\D", "", text))
            raise CellFault(
                "phone",
                _("A mobile number has 11 digits and begins with 1; here are %(n)d digits.")
                % {"n": digits},
                _("Correct the number, or leave the cell empty."),
            )
        return text

    def hint(self) -> str:
        return _("A mobile number of 11 digits.")


@dataclass(frozen=True)
class Secret(Kind):
    """An identity number: ``check`` makes something of it, of which ``kept`` is what is stored.

    It is never written out.
    """

    check: Callable[[str], Any]
    kept: Callable[[Any], Any]

    def parse(self, cell: Any) -> Any:
        text = plain(_exact(cell)).upper()
        try:
            return self.check(text)
        except ValidationError as error:
            remedy = _("Compare it with the identity card, or leave the cell empty.")
            raise CellFault("identity", " ".join(error.messages), remedy) from None

    def same(self, stored: Any, given: Any) -> bool:
        return bool(stored == self.kept(given))

    def show(self, value: Any) -> Any:
        return ""

    def preview(self, value: Any) -> str:
        return _("entered") if value else ""

    def hint(self) -> str:
        return _("18 characters, as text. It is checked and not kept; empty changes nothing.")


@dataclass(frozen=True)
class AreaCode(Kind):
    """The code of an area; official 12-digit codes of larger areas are shortened."""

    levels: tuple[int, ...] = tuple(Level.values)
    what: str | Promise = ""

    def parse(self, cell: Any) -> str:
        code = plain(_exact(cell))
        if not re.fullmatch(r"\d+", code):
            raise CellFault(
                "area_form",
                _("An area code has digits only."),
                _("Enter the code of the area, such as 410882001203."),
            )
        code = shortened(code)
        if len(code) not in self.levels:
            raise CellFault(
                "area_level",
                _("A code of %(n)d digits is not possible here.") % {"n": len(code)},
                _("Enter a code of %(digits)s digits.")
                % {"digits": "、".join(str(level) for level in self.levels)},
            )
        return code

    def hint(self) -> str:
        return str(self.what) or _("The area code, such as 410882001203.")


def shortened(code: str) -> str:
    """An official 12-digit code without the zeros that only fill it up."""
    if len(code) == Level.VILLAGE:
        for digits in (Level.TOWNSHIP, Level.COUNTY, Level.CITY):
            if set(code[digits:]) <= {"0"}:
                code = code[:digits]
    return code
