"""What is taken for the address of a calendar, and for an account."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.exchange.calendar_server.address import CalendarAddressError, Credentials, credentials, one_spelling, place, server_address


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("https://cal.example.org/dav/visits/", "https://cal.example.org/dav/visits/"),
        (" https://CAL.Example.org:443/dav/visits ", "https://cal.example.org/dav/visits/"),
        ("https://cal.example.org", "https://cal.example.org/"),
        ("https://cal.example.org:8443/a%20b/ü", "https://cal.example.org:8443/a%20b/%C3%BC/"),
        ("https://cal.example.org/ü", "https://cal.example.org/%C3%BC/"),
        ("https://cal.example.org/a%62/", "https://cal.example.org/ab/"),
        ("https://cal.example.org/%e4%E4/%7eme/%21", "https://cal.example.org/%E4%E4/~me/!/"),
        ("https://cal.example.org/a%40b/c%2fd/", "https://cal.example.org/a@b/c%2Fd/"),
        ("https://cal.example.org/a%252Fb/%25/", "https://cal.example.org/a%252Fb/%25/"),
        ("https://cal.example.org/./a/./b/.", "https://cal.example.org/a/b/"),
        ("https://cal.example.org/%2e/a/%2E", "https://cal.example.org/a/"),
        ("HTTPS://cal.example.org:0443/a", "https://cal.example.org/a/"),
        ("http://localhost:5232/x", "http://localhost:5232/x/"),
        ("http://127.8.9.1/x", "http://127.8.9.1/x/"),
        ("http://[::1]:5232/x", "http://[::1]:5232/x/"),
    ],
)
def test_two_spellings_of_an_address_are_one(given: str, url: str) -> None:
    assert server_address(given).url == url


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("https://alice:s3cret@cal.example.org/", "holds an account or a password"),
        ("https://alice@cal.example.org/", "holds an account or a password"),
        ("https://:s3cret@cal.example.org/", "holds an account or a password"),
        ("http://cal.example.org/s3cret", "would send the password and the visits in the open"),
        ("http://localhost.example.org/", "in the open"),
        ("http://128.0.0.1/", "in the open"),
        ("https://cal.example.org/?token=s3cret", "nothing behind ? or #"),
        ("https://cal.example.org/#s3cret", "nothing behind ? or #"),
        ("https://cal.example.org/a/../b", ".. in its path"),
        ("https://cal.example.org/a/%2e%2e/b", ".. in its path"),
        ("webcal://cal.example.org/s3cret", "no address of a calendar server"),
        ("ftp://cal.example.org/", "no address of a calendar server"),
        ("cal.example.org", "no address of a calendar server"),
        ("alice@example.org", "no address of a calendar server"),
        ("https:///x", "no address of a calendar server"),
        ("https://cal.example.org:99999/", "This is no address"),
        ("https://cal.example.org:s3cret/", "This is no address"),
        ("https://[::1", "This is no address"),
        ("https://cal.example.org/a b", "no address of a calendar server"),
        ("https://cal.example.org/a\\b", "no address of a calendar server"),
        ("https://cal.example.org/\x1b[2J", "no address of a calendar server"),
        ("", "no address of a calendar server"),
    ],
)
def test_what_is_no_safe_address_is_refused_without_repeating_a_secret(given: str, said: str) -> None:
    with pytest.raises(CalendarAddressError) as caught:
        server_address(given)
    assert said in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("/dav/visits/a.ics", "/dav/visits/a.ics"),
        ("a@b.ics", "/dav/visits/a@b.ics"),
        ("https://cal.example.org/dav/x", "/dav/x"),
        ("https://cal.example.org:443/dav/x", "/dav/x"),
        ("https://elsewhere.example.org/dav/x", None),
        ("http://cal.example.org/dav/x", None),
        ("//elsewhere.example.org/x", None),
        ("https://cal.example.org:444/dav/x", None),
        ("https://cal.example.org:x/", None),
        ("http://[::1", None),
        ("/a b", None),
    ],
)
def test_paths_on_this_server_and_elsewhere(href: str, path: str | None) -> None:
    assert server_address("https://cal.example.org/dav/visits/").path_of(href) == path


def test_the_parts_of_a_collection() -> None:
    address = server_address("https://cal.example.org/dav")
    assert address.member("a@b.ics") == "/dav/a@b.ics"
    assert address.member("a/b?.ics") == "/dav/a%2Fb%3F.ics"
    assert address.below("planner-f1").url == "https://cal.example.org/dav/planner-f1/"
    assert address.url_of("/x%20y") == "https://cal.example.org/x%20y"
    assert place("/a%40b/") == place("/a@b")
    assert place("/%e4") == place("/%E4/")
    assert place("/%E4") != place("/%E5"), "no UTF-8 either, and yet two objects"
    assert place("/a%2Fb") != place("/a/b")


@pytest.mark.parametrize("location", ["/dav/x/", "/dav/%78", "/dav/a/../x", "/dav/a/%2e%2e/x/", "x", "https://CAL.example.org:443/dav/x"])
def test_a_redirect_leads_to_the_same_address_however_it_is_spelled(location: str) -> None:
    assert server_address("https://cal.example.org/dav/").leads_to(location).url == "https://cal.example.org/dav/x/"


@given(st.text(alphabet="ab/.%2FfeE4ü@ ", max_size=20))
def test_the_one_spelling_is_one(path: str) -> None:
    once = one_spelling(f"/{path}")
    assert one_spelling(once) == once
    assert once.startswith("/")
    assert once.isascii()
    assert not {".", ".."} & set(once.split("/"))


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"PLANNER_CALDAV_USER": "a", "PLANNER_CALDAV_PASSWORD": "b:c ü"}, Credentials("a", "b:c ü")),
        ({"PLANNER_CALDAV_USER": "", "PLANNER_CALDAV_PASSWORD": ""}, None),
    ],
)
def test_the_account_comes_from_the_environment(environment: dict[str, str], expected: Credentials | None) -> None:
    assert credentials(environment) == expected
    assert "b:c" not in repr(credentials(environment))


@pytest.mark.parametrize(("user", "password"), [("a", ""), ("", "s3cret"), ("a:b", "s3cret"), ("a\n", "s3cret"), ("a", "s3cret\r\nX: y")])
def test_half_an_account_or_a_broken_one_is_refused(user: str, password: str) -> None:
    with pytest.raises(CalendarAddressError) as caught:
        credentials({"PLANNER_CALDAV_USER": user, "PLANNER_CALDAV_PASSWORD": password})
    assert "s3cret" not in str(caught.value)
