"""Patterns of what tells who a subject is, in text that ``plain`` has simplified.

A name cannot be found by a pattern. These find numbers, addresses and dates that nobody needs to write about a visit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

IDENTITY_NUMBER = "an identity or insurance number"
LONG_NUMBER = "a number of nine or more digits, as identity, record and phone numbers have"
PHONE = "a phone number"
E_MAIL = "an e-mail address"
BIRTH = "a date or year of birth"
OLD_DATE = "a date long before the study, such as a date of birth"
RECORD_NUMBER = "a medical record number"
ACCOUNT = "the number or name of a personal document or account"

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_INVISIBLE = ("Cc", "Cf", "Zl", "Zp", "Cs", "Co")

_REGISTRY = re.compile(r"(?i)\b(?:NCT\d{8}|ChiCTR[-A-Z]*\d{8,10}|ISRCTN\d{8}|ACTRN\d{14}|CTR20\d{6}|\d{4}-\d{6}-\d{2}(?:-\d{2})?)\b")
"""Registry numbers of studies: long, and of no person."""

_UNIT = r"(?:mg|g|kg|ml|μg|ug|mcg|ng|iu|u|gy|cgy|mbq|mm|cm|ms|bpm|kcal|cells?|copies|days?|weeks?|h|min|x ?10|×|/|%)"
_RECORD_WORD = (
    r"(?:\bMRNs?\b|\bmedical record|\b(?:record|chart) (?:no|num|#)|\b(?:hospital|patient) (?:no|num|id)|\baccession|\badmission (?:no|num)"
    r"|病历|病案|住院号|住院登记|门诊号|就诊号|就诊卡|登记号|患者编号|患者ID|影像号|检查号)"
)
_ACCOUNT_WORD = (
    r"(?:\bpassport|\bSSN\b|\bNHS (?:no|num)|\bsocial security|\binsurance (?:no|num)|\bID (?:card|no|num)"
    r"|护照|身份证|证件号|医保|社保|银行卡)"
)
_CHAT_WORD = r"(?:\bwechat\b|\bwhatsapp\b|微信号|微信[:]|QQ ?号?[:]?)"
_PHONE_WORD = r"(?:\btel(?:ephone)?\b|\bphone\b|\bmobile\b|\bcalled? (?:at|on) (?=\+?\d)|电话|手机|联系方式)"
_RESIDENT_ID = r"(?<!\d)\d{6} ?-?(?:18|19|20)\d{2} ?-?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]) ?-?\d{3}[\dX](?![\dA-Z])"
_OLD_RESIDENT_ID = r"(?<!\d)\d{15}(?!\d)"
_MOBILE = r"(?<![\d.])1[3-9]\d[ .-]?\d{4}[ .-]?\d{4}(?!\d)"
_PATTERNS = tuple(
    (what, re.compile(pattern, re.I))
    for what, pattern in (
        (E_MAIL, r"[^\s@,;]@(?:[\w-]+\.)+[a-z]{2,}"),
        (IDENTITY_NUMBER, _RESIDENT_ID),
        (IDENTITY_NUMBER, _OLD_RESIDENT_ID),
        (IDENTITY_NUMBER, r"(?<![\d-])\d{3}([- ])\d{2}\1\d{4}(?![\d-])"),
        (RECORD_NUMBER, _RECORD_WORD + r"[^\d\n]{0,15}\d{2,}"),
        (ACCOUNT, _ACCOUNT_WORD + r"[^\d\n]{0,15}\d{3,}"),
        (ACCOUNT, _CHAT_WORD + r" ?[:]? ?[\w-]*\d{4,}"),
        (PHONE, _PHONE_WORD + r"[^\d\n]{0,12}\d(?:[ ()./-]{0,3}\d){4,}"),
        (PHONE, _MOBILE),
        (PHONE, r"(?<![\w.])1[3-9]\d[ .-]\d{3}[ .-]\d{5}(?!\d)"),
        (PHONE, r"(?<!\w)(?:\+|00) ?[1-9](?:[ ()./-]{0,2}\d){6,}"),
        (PHONE, r"(?<![\w.])\(?0\d{1,4}\)?[ .-]{1,2}\d{3,4}[ .-]?\d{3,4}(?!\d)"),
        (PHONE, r"\(\d{3,4}\)[ .-]{0,2}\d{3,4}[ .-]?\d{3,4}(?!\d)"),
        (PHONE, r"(?<![\w.])\d{3}([ .-])\d{3}\1\d{4}(?![\w.])"),
        (PHONE, rf"(?<![\w./-])(?!20[1-4]\d-)\d{{3,4}}-\d{{4}}(?![\w-]|\.\d| ?{_UNIT}(?![a-z]))"),
        (PHONE, r"(?<![\w./-])(?=(?:-?\d){7,})(?=0|[\d-]*\d{4})\d{2,}(?:-\d{2,}){2,}(?![\w-])"),
        (LONG_NUMBER, r"\d{9,}"),
    )
)
"""What is looked for where dates and times are taken out."""

_BIRTH_WORD = r"(?:\bborn\b|\bbirth(?:day|date)?\b(?! control)|\bd\.? ?o\.? ?b\b|出生(?!缺陷)|生于|生日|\b年?生辰)"
_BIRTH = re.compile(
    rf"{_BIRTH_WORD}(?:\D{{0,20}}\d{{2,}}|\D{{0,8}}\d)|\d{{4}} ?年?(?: ?\d{{1,2}} ?月)?(?: ?\d{{1,2}} ?日)? ?(?:出生|生人)", re.I
)
_BIRTH_ANYWHERE = re.compile(_BIRTH_WORD, re.I)

_MONTHS = {
    name: number for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_DATES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"(?<![\d.])(?P<year>(?:18|19|20)\d\d)(?P<mark>[-/.])(?P<a>\d{1,2})(?P=mark)(?P<b>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<year>(?:18|19|20)\d\d) ?年 ?(?P<a>\d{1,2}) ?月 ?(?P<b>\d{1,2})",
        r"(?<![\d.])(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<year>(?:18|19|20)\d\d)(?!\d)",
        r"(?<!\d)(?P<year>(?:18|19|20)\d\d)(?P<a>0[1-9]|1[0-2])(?P<b>0[1-9]|[12]\d|3[01])(?!\d)",
        rf"(?<!\d)(?P<b>\d{{1,2}})(?:st|nd|rd|th)?[ .-]{{0,2}}{_MONTH}[ ,.-]{{0,3}}(?P<year>(?:18|19|20)\d\d)(?!\d)",
        rf"\b{_MONTH}[ .-]{{0,2}}(?P<b>\d{{1,2}})(?:st|nd|rd|th)?[ ,.-]{{1,3}}(?P<year>(?:18|19|20)\d\d)(?!\d)",
        rf"(?<!\d)(?P<year>(?:18|19|20)\d\d)[ .-]{{1,2}}{_MONTH}[ .-]{{0,2}}(?P<b>\d{{1,2}})(?!\d)",
        r"(?<![\d./-])(?P<a>\d{1,2})(?P<mark>[./-])(?P<b>\d{1,2})(?P=mark)(?P<short>\d\d)(?![\d./-])",
    )
)
_TIME = re.compile(r"(?<!\d)[T ]?(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?!\d)")


def plain(text: str) -> str:
    """The text with full-width and other forms of a character made one (NFKC), all dashes ``-``, and other digits 0 to 9."""
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return "".join(str(unicodedata.decimal(character)) if character.isdecimal() else character for character in folded)


def has_invisible(text: str) -> bool:
    """Whether it holds a control character or one that is not seen."""
    return any(unicodedata.category(character) in _INVISIBLE for character in text)


def is_number_of_a_person(code: str) -> bool:
    """Whether a code is a Chinese resident's identity number, old or new, or a Chinese mobile phone's number.

    Other countries' numbers have the forms that subject numbers have too.
    """
    return any(re.search(pattern, code) for pattern in (_RESIDENT_ID, _OLD_RESIDENT_ID, _MOBILE))


def identity_in(text: str, earliest: date) -> str | None:
    """What in ``text`` (already ``plain``) tells who somebody is, or None. No date of a study is before ``earliest``."""
    if _BIRTH.search(text):
        return BIRTH
    if re.search(_RESIDENT_ID, text, re.I):
        return IDENTITY_NUMBER  # Before dates are taken out: it holds one.
    rest = _TIME.sub(" ~ ", _REGISTRY.sub(" ~ ", text))
    for pattern in _DATES:
        for match in pattern.finditer(rest):
            for day in _readings(match, earliest):
                if _BIRTH_ANYWHERE.search(text):
                    return BIRTH
                if day < earliest:
                    return OLD_DATE
        rest = pattern.sub(_taken_out, rest)
    return next((what for what, found in _PATTERNS if found.search(rest)), None)


def _taken_out(match: re.Match[str]) -> str:
    # What only looks like a date stays, or a phone number in its form would pass.
    return " ~ " if next(_readings(match, date.min), None) else match[0]


def _readings(match: re.Match[str], earliest: date) -> Iterator[date]:
    """The days that a written date may mean: with the month first, and with the day first."""
    parts = match.groupdict()
    year = _year(parts, earliest)
    month = _MONTHS[parts["name"].lower()] if parts.get("name") else int(parts["a"])
    for a, b in ((month, int(parts["b"])), (int(parts["b"]), month)):
        try:
            yield date(year, a, b)
        except ValueError:
            continue


def _year(parts: dict[str, str | None], earliest: date) -> int:
    if parts.get("year"):
        return int(parts["year"] or 0)
    # Two digits mean one of the hundred years that end well after the study.
    short, last = int(parts["short"] or 0), earliest.year + 40
    return last - (last - short) % 100
