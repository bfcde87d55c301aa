"""The first page under its own name: led to the one address that it has."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.testclient import TestClient

from planner.server.first_page import FirstPage

CLIENT = TestClient(Starlette(routes=[Mount("/", app=FirstPage(PlainTextResponse("a page")))]), follow_redirects=False)


@pytest.mark.parametrize(
    ("address", "led_to"),
    [("/today", "./"), ("/today?site=BEI&lang=zh-CN", "./?site=BEI&lang=zh-CN"), ("/today?view=%0d%0aX:1", "./?view=%0d%0aX:1")],
)
def test_the_first_page_has_one_address(address: str, led_to: str) -> None:
    answer = CLIENT.get(address)
    assert (answer.status_code, answer.headers["location"]) == (307, led_to)


@pytest.mark.parametrize("address", ["/", "/subjects", "/today/", "/todays"])
def test_every_other_page_is_as_it_was(address: str) -> None:
    assert CLIENT.get(address).text == "a page"


def test_nothing_is_sent_there() -> None:
    assert CLIENT.post("/today").text == "a page"
