"""Free text and subject numbers: what tells who somebody is does not pass, and ordinary notes do."""

import time
from datetime import date

import pytest

from planner.records.facts.privacy import PrivacyError, require_no_identity, require_subject_number

IDENTITY = [
    # identity numbers
    ("110101199001011234", "identity"),
    ("ID 11010119900101123X given", "identity"),
    ("11010119900101123x", "identity"),
    ("110101 19900101 1234", "identity"),
    ("110101-19900101-1234", "identity"),
    ("１１０１０１１９９００１０１１２３Ｘ", "identity"),
    ("身份证110101199001011234", "identity"),
    ("old number 110101900101123", "identity"),
    ("123-45-6789", "identity"),
    ("SSN: 123 45 6789", "identity"),
    ("SSN 1234", "document"),
    ("passport E12345678", "document"),
    ("护照 E12345678", "document"),
    ("医保卡 12345", "document"),
    ("943 476 5919", "phone"),
    ("9434765919", "nine or more"),
    ("number 123456789", "nine or more"),
    ("٠١٢٣٤٥٦٧٨٩", "nine or more"),
    # phones
    ("13800138000", "phone"),
    ("call 138 0013 8000", "phone"),
    ("138-0013-8000", "phone"),
    ("138–0013–8000", "phone"),
    ("１３８００１３８０００", "phone"),
    ("家属电话13800138000", "phone"),
    ("手机：138 0013 8000", "phone"),
    ("+86 10 6275 1234", "phone"),
    ("+1 (555) 123-4567", "phone"),
    ("+44 20 7946 0958", "phone"),
    ("0044 20 7946 0958", "phone"),
    ("010-62751234", "phone"),
    ("(010) 6275 1234", "phone"),
    ("020 7946 0958", "phone"),
    ("555-123-4567", "phone"),
    ("555.123.4567", "phone"),
    ("555-1234", "phone"),
    ("6275-1234", "phone"),
    ("06-12-34-56-78", "phone"),
    ("21-6275-1234", "phone"),
    ("tel 62751234", "phone"),
    ("phone: 555 1234", "phone"),
    ("电话 6275 1234", "phone"),
    ("on 2026-04-17 call 138-0013-8000", "phone"),
    ("微信号 abc12345", "document"),
    ("QQ: 12345678", "document"),
    # e-mail
    ("write to someone@example.org", "e-mail"),
    ("someone＠example．org", "e-mail"),
    # births
    ("born 1962", "birth"),
    ("Born in May 1962", "birth"),
    ("DOB 02/03/1962", "birth"),
    ("d.o.b. 2/3/62", "birth"),
    ("date of birth: 1962-03-02", "birth"),
    ("birthday 3 March", "birth"),
    ("出生日期 1962年3月2日", "birth"),
    ("1962年3月2日出生", "birth"),
    ("1962年生于北京, 03-02", "birth"),
    ("生日：3月12日", "birth"),
    ("1962-03-02", "long before"),
    ("1962/3/2", "long before"),
    ("1962.03.02", "long before"),
    ("02.03.1962", "long before"),
    ("3/2/1962", "long before"),
    ("03/02/62", "long before"),
    ("19620302", "long before"),
    ("2 March 1962", "long before"),
    ("March 2nd, 1962", "long before"),
    ("02-MAR-1962", "long before"),
    ("1962年3月2日", "long before"),
    ("１９６２年３月２日", "long before"),
    ("１９６２－０３－０２", "long before"),
    # record numbers
    ("MRN 12345", "record number"),
    ("MRN: A12345", "record number"),
    ("病历号12345", "record number"),
    ("病历号：００１２３", "record number"),
    ("住院号 654321", "record number"),
    ("门诊号654321", "record number"),
    ("hospital no. 4455", "record number"),
    ("patient ID 77120", "record number"),
    # what is not seen
    ("two\nlines", "line break"),
    ("138\u200b0013\u200b8000", "invisible"),
    ("null\0", "control"),
    ("tab\there", "control"),
    ("turned \u202e round", "invisible"),
    ("x" * 501, "501 characters"),
]

ORDINARY = [
    "",
    "Infusion 2026-04-03 09:30, 240 mg, grade 2 neutropenia 0.8 x10^9/L",
    "ANC 1.2, dose 85 mg/m2, moved from 2026-04-17 to 2026-04-21",
    "0.8 x10⁹/L, platelets 100 x 10^9/L, Hb 9.8 g/dL",
    "BP 120/80 130/85 118/76, pulse 72",
    "ECOG 1, weight 64.5 kg, BSA 1.72 m2",
    "Fractions 5 x 5 Gy, 2026-04-13/2026-04-17",
    "C3D1-C5D1 shifted by 7 d",
    "2026-04-17T09:30 chair 4, 120 minutes",
    "17.04.2026 and 04/17/2026 and 17 April 2026 and 20260417",
    "Apr 17, 2026: MRI at 08:15:30",
    "2026年4月17日 输注 240 mg, 中性粒细胞 0.8",
    "３级中性粒细胞减少, 推迟到２０２６年４月２１日",
    "节假日, 诊所关门, 改到下周一",
    "Labs pending: AST 45, ALT 1200, LDH 1350",
    "dose 1000-1200 mg, then 800 mg",
    "CAPOX 130 mg/m2 day 1, 1000 mg/m2 twice daily days 1-14",
    "WBC 3.2 ANC 1.4 PLT 98 CEA 12.5",
    "registered as NCT01234567 and ChiCTR2000012345",
    "EudraCT 2019-001234-12, version 3.1",
    "subject PEK-001 moved to SHA, weeks 2026-2027",
    "grade 2 (CTCAE 5.0), hold 14 days, resume 2026-05-04",
    "CT slices 512-512, 1.25 mm",
    "SBRT 30 Gy in 5 fractions; PTV 12.4 cc",
    "birth control checked on 2026-04-03",
    "stubborn rash since 2026-04-03",
    "aged 64, female, T3N1M0",
    "hospital stay 3 nights, record checked",
    "phone visit done, 15 minutes",
    "called on 2026-04-17 and again on 2026-04-20",
    "QTc 430 440 450 ms",
    "CEA 120 135 150 then 98",
    "lot 7731-A, expires 2027-03",
    "surgery@2026-05-20",
    "creatinine 0.9-1.1 mg/dL (80-97 umol/L)",
    "病历已核对, 无异常",
    "身份证明已核对",
    "HBV DNA 2300 IU/ml; 10000000 copies at baseline",
    "AE 2026-0041, dose 150-150-150 mg, weeks 12-16-20-24",
    "化疗第3周期 2026.4.17-2026.4.21, PLT 75×10^9/L, 4/17-4/21",
    "12.5/13.0/13.5 at 08:00, 12:00, 16:00",
]


@pytest.mark.parametrize(("text", "kind"), IDENTITY, ids=lambda value: ascii(value)[:40])
def test_what_tells_who_somebody_is_is_refused_and_never_shown(text: str, kind: str) -> None:
    with pytest.raises(PrivacyError) as refused:
        require_no_identity(text, "the note")
    assert kind in str(refused.value)
    assert str(refused.value).startswith("The note ")
    assert text not in str(refused.value)


@pytest.mark.parametrize(("text", "_kind"), [case for case in IDENTITY if case[0].isprintable() and len(case[0]) < 100])
def test_it_is_found_within_a_sentence(text: str, _kind: str) -> None:
    with pytest.raises(PrivacyError):
        require_no_identity(f"Infusion 2026-04-03 09:30, 240 mg; {text}, seen again.", "the note")
    with pytest.raises(PrivacyError):
        require_no_identity(f"推迟一周，{text}。", "the note")


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_notes_pass(text: str) -> None:
    assert require_no_identity(text, "the note") == text


def test_how_long_ago_a_date_may_be_follows_the_day() -> None:
    text = "first diagnosed 2012-05-01"
    assert require_no_identity(text, "the note", date(2027, 6, 1)) == text
    with pytest.raises(PrivacyError, match="long before"):
        require_no_identity(text, "the note", date(2028, 1, 1))


def test_long_texts_take_no_time() -> None:
    begun = time.perf_counter()
    for text in ("1-" * 250, "1 " * 250, "1." * 250, "(" * 500, "a@" * 250, "Jan " * 125, "tel" + " " * 490, "12" * 4 + "/1" * 240):
        try:
            require_no_identity(text, "the note")
        except PrivacyError:
            continue
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    ("number", "pattern"), [("PEK-001", r"PEK-\d{3}"), ("001-0001", r"\d{3}-\d{4}"), ("101-01-0001", r"\d{3}-\d{2}-\d{4}")]
)
def test_a_subject_number_of_the_site_passes(number: str, pattern: str) -> None:
    assert require_subject_number(number, pattern) == number


@pytest.mark.parametrize(
    ("number", "pattern"),
    [
        ("PEK-01", r"PEK-\d{3}"),
        ("xPEK-001", r"PEK-\d{3}"),
        ("PEK-001\n", r"PEK-\d{3}"),
        ("pek-001", r"PEK-\d{3}"),
        ("PEK-００１", r"PEK-\d{3}"),
        ("Mary Smith 1", r".*"),
        ("王小明1", r".*"),
        ("-001", r"-\d{3}"),
        ("A" + "1" * 24, r"A\d{1,30}"),
        ("", r"\d?"),
        ("110101199001011234", r"\d{18}"),
        ("11010119900101123X", r"\d{17}[0-9X]"),
        ("13800138000", r"\d{11}"),
        ("=1+1", r".*"),
    ],
)
def test_other_subject_numbers_are_refused_and_never_shown(number: str, pattern: str) -> None:
    with pytest.raises(PrivacyError) as refused:
        require_subject_number(number, pattern)
    assert not number or number not in str(refused.value)
