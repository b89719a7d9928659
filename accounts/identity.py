"""Who somebody is: identity numbers, and names as they are searched."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from pypinyin import Style, pinyin
from stdnum.cn import ric
from stdnum.exceptions import ValidationError as BadNumber


@dataclass(frozen=True)
class Identity:
    """What an identity number (居民身份证, GB 11643) tells; the number itself is not kept."""

    id_hash: str
    born_on: date
    sex: str


def identity_of(number: str) -> Identity:
    """Check an identity number; raises ``ValidationError`` with what is wrong and what to do.

    The hash is keyed (``ID_HASH_KEY``): without the key nobody finds a number by trying them all.
    """
    number = ric.compact(number).upper()
    if "E+" in number or "." in number:
        raise ValidationError(
            _("A spreadsheet turned this identity number into %(number)s. Enter it as text.")
            % {"number": number}
        )
    born_on = _checked(number)
    if ric.get_birth_date(number) > timezone.localdate():
        raise ValidationError(_("This is not an identity number."))
    digest = hmac.new(settings.ID_HASH_KEY.encode(), number.encode(), hashlib.sha256)
    return Identity(
        id_hash=digest.hexdigest(),
        born_on=born_on,
        sex="m" if int(number[16]) % 2 else "f",
    )


def _checked(number: str) -> date:
    """The date of birth in a number; raises ``ValidationError`` unless the number can be one.

    The library would also ask whether the district existed in the year of birth. It is the district
    of the first registration: numbers began in 1984, and whoever was born before has a later code.
    """
    if len(number) != 18:
        raise ValidationError(_("An identity number has 18 characters."))
    if not (number[:17].isascii() and number[:17].isdigit()):
        raise ValidationError(_("This is not an identity number."))
    if number[-1] != ric.calc_check_digit(number):
        raise ValidationError(
            _("The last character of this identity number does not fit: a digit is mistyped.")
        )
    try:
        return ric.get_birth_date(number)
    except BadNumber:
        raise ValidationError(_("This is not an identity number.")) from None


@lru_cache(maxsize=10_000)
def _readings(character: str) -> list[str]:
    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="default")
    return list(dict.fromkeys(found[0])) if found else [character]


def name_key(name: str) -> str:
    """The name, its pinyin and its initials, as one searchable text: "张伟 zhangwei zw".

    A surname of several readings stands with each: 单 is dan, chan and shan.
    """
    name = name.strip()
    if not name:
        return ""
    rest = [_readings(character)[0] for character in name[1:]]
    words = [name.lower()]
    for surname in _readings(name[0]):
        syllables = [surname, *rest]
        words += ["".join(syllables), "".join(syllable[:1] for syllable in syllables)]
    return " ".join(dict.fromkeys(words)).lower()[:200]
