"""Sites and people: what the administration log gives, and what is refused before it is written."""

from datetime import UTC, date, datetime

import pytest

from planner.records.caller import Caller
from planner.records.facts.account import AccountError
from planner.records.facts.fact import ADMINISTRATION, Act, Author, Fact, NewFact, SubjectKey
from planner.records.facts.kinds import Kind
from planner.records.facts.privacy import PrivacyError
from planner.records.people.administration import (
    AdministrationError,
    append_administration,
    grant_role,
    read_settings,
    require_account,
    revoke_role,
    set_site,
    set_site_calendar,
)
from planner.records.people.rights import NotAllowedError, Role
from planner.records.people.settings import Grant, Settings, Site, UnknownSiteError, folded_settings
from planner.records.people.subject_pattern import SubjectPatternError
from planner.records.pinned.contents import UnknownContentError, put_calendar, put_protocol
from planner.records.store.append import append
from planner.records.store.database import Database
from planner.records.store.log import last_number
from planner.schedule.calendar_sources import calendar_named

NOW = datetime(2026, 4, 17, 8, 0, tzinfo=UTC)
PATTERN = r"PEK-\d{3}"


def caller(who: str = "admin") -> Caller:
    return Caller(who, NOW)


def write(database: Database, *facts: NewFact, who: str = "admin") -> list[Fact]:
    with database.writing() as connection:
        return append_administration(connection, caller(who), facts)


def settings_of(database: Database) -> Settings:
    with database.reading() as connection:
        return read_settings(connection)


def granted(person: str, role: str, site: str = "*") -> NewFact:
    return NewFact(Kind.PERSON_GRANTED, item=person, value=role, details={"site": site})


def revoked(person: str, role: str, site: str = "*") -> NewFact:
    return NewFact(Kind.PERSON_REVOKED, item=person, value=role, details={"site": site})


def test_sites_calendars_and_people_are_folded_from_the_log(database: Database) -> None:
    assert settings_of(database) == Settings()
    with database.writing() as connection:
        hashed = put_calendar(connection, calendar_named("CN"))
    write(database, set_site(settings_of(database), "PEK", PATTERN), set_site(settings_of(database), "SHA", r"SHA-\d{3}"))
    write(database, set_site_calendar(settings_of(database), "PEK", hashed))
    write(database, granted("admin", "administrator"), granted("nurse1", "nurse", "PEK"), granted("nurse1", "reader", "SHA"))
    found = settings_of(database)
    assert found.sites == {"PEK": Site("PEK", PATTERN, hashed), "SHA": Site("SHA", r"SHA-\d{3}", "")}
    assert found.site("PEK").calendar_hash == hashed
    assert found.grants == {
        Grant("admin", Role.ADMINISTRATOR, "*"),
        Grant("nurse1", Role.NURSE, "PEK"),
        Grant("nurse1", Role.READER, "SHA"),
    }
    assert found.revision == 6
    write(database, revoke_role(found, "nurse1", "reader", "SHA"), set_site(found, "PEK", r"P-\d{4}"))
    found = settings_of(database)
    assert Grant("nurse1", Role.READER, "SHA") not in found.grants
    assert found.sites["PEK"] == Site("PEK", r"P-\d{4}", hashed)


def test_facts_are_written_by_the_role_that_allowed_them(database: Database) -> None:
    (first,) = write(database, granted("admin", "administrator"), who="someone")
    (second,) = write(database, set_site(settings_of(database), "PEK", PATTERN))
    assert (first.who, first.role, first.recorded_at) == ("someone", "local", NOW)
    assert (second.who, second.role, second.number, second.subject) == ("admin", "administrator", 2, ADMINISTRATION)


def test_only_an_administrator_for_all_sites_writes(database: Database) -> None:
    write(database, set_site(settings_of(database), "PEK", PATTERN), granted("admin", "administrator"))
    write(database, granted("local-admin", "administrator", "PEK"), granted("nurse1", "nurse"))
    for who in ("nurse1", "local-admin", "stranger"):
        with pytest.raises(NotAllowedError, match="may not administer for the whole installation"):
            write(database, granted("reader1", "reader"), who=who)
    assert settings_of(database).revision == 4


@pytest.mark.parametrize("first", [granted("nurse1", "nurse"), granted("admin", "coordinator")])
def test_the_first_grant_is_an_administrators(database: Database, first: NewFact) -> None:
    with pytest.raises(AdministrationError, match="The first grant must be an administrator for all sites"):
        write(database, first, granted("admin", "administrator"))
    with pytest.raises(AdministrationError, match="first grant"):
        grant_role(settings_of(database), first.item, first.value, "*")
    assert settings_of(database).revision == 0


def test_the_last_administrator_stays(database: Database) -> None:
    write(database, set_site(settings_of(database), "PEK", PATTERN), granted("admin", "administrator"))
    write(database, granted("admin", "administrator", "PEK"), granted("other", "administrator", "PEK"))
    for attempt in ([revoked("admin", "administrator")], [NewFact(Kind.UNDONE, replaces=2)]):
        with pytest.raises(AdministrationError, match="nobody could administer any more"):
            write(database, *attempt)
    write(database, granted("other", "administrator"), revoked("admin", "administrator"))
    assert settings_of(database).administrators() == {"other"}
    with pytest.raises(AdministrationError, match="nobody could administer any more"):
        write(database, revoked("other", "administrator"), granted("admin", "administrator"), who="other")


def test_what_is_taken_back_does_not_count_until_that_is_taken_back(database: Database) -> None:
    write(database, set_site(settings_of(database), "PEK", PATTERN), set_site(settings_of(database), "PEK", r"X-\d{3}"))
    write(database, NewFact(Kind.UNDONE, replaces=2))
    assert settings_of(database).sites["PEK"].subject_pattern == PATTERN
    for number, why in ((2, r"Fact 2 .* is taken back already"), (9, "has no fact 9")):
        with pytest.raises(AdministrationError, match=why):
            write(database, NewFact(Kind.UNDONE, replaces=number))
    write(database, NewFact(Kind.UNDONE, replaces=3))
    assert settings_of(database).sites["PEK"].subject_pattern == r"X-\d{3}"


def test_a_site_that_subjects_or_people_are_at_stays(database: Database) -> None:
    write(database, *(set_site(settings_of(database), code, PATTERN) for code in ("PEK", "SHA", "TYPO")))
    write(database, granted("admin", "administrator"), granted("nurse1", "nurse", "SHA"))
    with database.writing() as connection:
        enrolled = NewFact(Kind.ENROLLED, item="PEK", day=date(2026, 4, 20), value="0" * 64, details={"calendar": "1" * 64})
        append(connection, [Act(SubjectKey("study", "PEK-001"), 0, (enrolled,))], Author("admin", "local"), NOW)
    with pytest.raises(AdministrationError, match="Subjects were enrolled at or transferred to PEK"):
        write(database, NewFact(Kind.UNDONE, replaces=1))
    with pytest.raises(AdministrationError, match="People have roles at SHA"):
        write(database, NewFact(Kind.UNDONE, replaces=2))
    write(database, NewFact(Kind.UNDONE, replaces=3))
    assert set(settings_of(database).sites) == {"PEK", "SHA"}


def test_several_facts_are_written_together_or_not_at_all(database: Database) -> None:
    with pytest.raises(UnknownSiteError):
        write(database, set_site(settings_of(database), "PEK", PATTERN), NewFact(Kind.SITE_CALENDAR_SET, item="SHA", value="0" * 64))
    with database.reading() as connection:
        assert last_number(connection, ADMINISTRATION) == 0


def test_a_calendar_must_be_kept_before_a_site_gets_it(database: Database) -> None:
    write(database, set_site(settings_of(database), "PEK", PATTERN))
    with pytest.raises(UnknownContentError, match="f" * 64):
        write(database, set_site_calendar(settings_of(database), "PEK", "f" * 64))
    with open("protocols/crlm.yaml", encoding="utf-8") as file, database.writing() as connection:
        protocol = put_protocol(connection, file.read())
    with pytest.raises(UnknownContentError, match="is a protocol, not a calendar"):
        write(database, set_site_calendar(settings_of(database), "PEK", protocol))
    with pytest.raises(AdministrationError, match="64 hexadecimal digits"):
        set_site_calendar(settings_of(database), "PEK", "CN")


@pytest.mark.parametrize(
    ("codes", "asked", "answer"),
    [
        ((), "PEK", "There is no site 'PEK'. Set one up first."),
        (("PEKING", "SHA"), "PEKIN", "There is no site 'PEKIN'. Did you mean PEKING?"),
        (("PEKING", "SHA"), "XX", "There is no site 'XX'. There is PEKING, SHA."),
    ],
)
def test_an_unknown_site_is_answered_with_the_nearest(codes: tuple[str, ...], asked: str, answer: str) -> None:
    with pytest.raises(UnknownSiteError) as refused:
        Settings({code: Site(code, PATTERN) for code in codes}).site(asked)
    assert str(refused.value) == answer


def test_nobody_is_granted_a_role_at_a_site_that_is_not_there() -> None:
    known = Settings({"SHA": Site("SHA", PATTERN)})
    with pytest.raises(UnknownSiteError, match="Did you mean SHA"):
        grant_role(Settings(known.sites, frozenset({Grant("admin", Role.ADMINISTRATOR, "*")})), "nurse1", "nurse", "SHAA")


@pytest.mark.parametrize("code", ["PEK", "P", "SITE-02", "A23456789012"])
def test_codes_of_sites(code: str) -> None:
    assert set_site(Settings(), code, PATTERN) == NewFact(Kind.SITE_SET, item=code, details={"subject_pattern": PATTERN})


@pytest.mark.parametrize("code", ["", "pek", "PEK ", "-PEK", "PEK-", "A234567890123", "北京", "P_K", "*", "PEK\n"])
def test_other_codes_are_refused(code: str) -> None:
    with pytest.raises(AdministrationError, match="A site's code is"):
        set_site(Settings(), code, PATTERN)


@pytest.mark.parametrize("person", ["nurse1", "n", "first.last@example.org", "A-B_C", "0001"])
def test_accounts(person: str) -> None:
    assert require_account(person) == person


@pytest.mark.parametrize("person", ["", "Mary Smith", "王护士", ".nurse", "nurse.", "a" * 65, "nurse\n", "a/b", "=nurse"])
def test_what_is_no_account_is_refused(database: Database, person: str) -> None:
    with pytest.raises(AdministrationError, match="not a person's full name"):
        write(database, granted(person, "administrator"))
    with pytest.raises(AccountError, match="not a person's full name"):
        write(database, granted("admin", "administrator"), who=person)


def test_grants_that_make_no_sense_are_refused() -> None:
    known = Settings({"PEK": Site("PEK", PATTERN)}, frozenset({Grant("admin", Role.ADMINISTRATOR, "*")}))
    with pytest.raises(AdministrationError, match="Did you mean nurse"):
        grant_role(known, "nurse1", "nurze", "PEK")
    with pytest.raises(AdministrationError, match="Give one of reader, nurse, coordinator, investigator, administrator"):
        grant_role(known, "nurse1", "xyz", "PEK")
    with pytest.raises(AdministrationError, match="no such role"):
        grant_role(known, "nurse1", "local", "PEK")
    with pytest.raises(AdministrationError, match="The site is missing"):
        grant_role(known, "nurse1", "nurse", "")
    with pytest.raises(AdministrationError, match="admin is administrator for all sites already"):
        grant_role(known, "admin", "administrator", "*")
    with pytest.raises(AdministrationError, match="nurse1 is not nurse at PEK, but has no role at all"):
        revoke_role(known, "nurse1", "nurse", "PEK")
    with pytest.raises(AdministrationError, match="admin is not nurse at PEK, but administrator for all sites"):
        revoke_role(known, "admin", "nurse", "PEK")


def test_facts_of_subjects_corrections_and_identities_do_not_get_in(database: Database) -> None:
    with pytest.raises(AdministrationError, match="is about a subject"):
        write(database, NewFact(Kind.VISIT_DONE, item="C1D1", day=date(2026, 4, 17)))
    write(database, set_site(settings_of(database), "PEK", PATTERN))
    with pytest.raises(AdministrationError, match="not corrected but set anew"):
        write(database, NewFact(Kind.SITE_SET, item="PEK", details={"subject_pattern": PATTERN}, replaces=1))
    with pytest.raises(PrivacyError):
        write(database, NewFact(Kind.SITE_SET, item="PEK", details={"subject_pattern": PATTERN}, note="call 138 0013 8000"))


def test_an_undone_fact_of_an_undone_fact_is_in_force() -> None:
    site = NewFact(Kind.SITE_SET, item="PEK", details={"subject_pattern": PATTERN})
    undone = [NewFact(Kind.UNDONE, replaces=number) for number in (1, 2, 3)]
    assert "PEK" not in folded_settings(enumerate([site, *undone[:1]], 1)).sites
    assert "PEK" in folded_settings(enumerate([site, *undone[:2]], 1)).sites
    assert "PEK" not in folded_settings(enumerate([site, *undone], 1)).sites


def test_a_pattern_that_is_not_allowed_is_refused_at_the_site() -> None:
    with pytest.raises(SubjectPatternError):
        set_site(Settings(), "PEK", "(a+)+")
