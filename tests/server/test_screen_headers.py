"""The language of the page, and cookies that travel only encrypted."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from planner.server.screen_headers import ScreenHeaders

PAGE = '<!doctype html><html lang="en"><title>x</title>é</html>'


async def page(request: Request) -> Response:
    answer = HTMLResponse(PAGE)
    answer.set_cookie("c", "1", httponly=True)
    answer.headers["etag"] = '"1"'
    return answer


async def parts(request: Request) -> Response:
    async def pieces():  # type: ignore[no-untyped-def]
        for place in range(0, len(PAGE), 7):
            yield PAGE[place : place + 7]

    return StreamingResponse(pieces(), media_type="text/html")


async def text(request: Request) -> Response:
    return PlainTextResponse(PAGE)


@pytest.fixture
def client() -> TestClient:
    inner = Starlette(routes=[Route("/", page), Route("/parts", parts), Route("/text", text)])
    return TestClient(ScreenHeaders(inner, ["https://planner.example.org", "http://plain.example.org"]))


@pytest.mark.parametrize("path", ["/", "/parts"])
@pytest.mark.parametrize(
    ("query", "reads", "written"),
    [
        ("", "", "en"),
        ("", "zh-CN,zh;q=0.9", "zh-CN"),
        ("?lang=zh-CN", "en-GB", "zh-CN"),
        ("?lang=en", "zh-CN", "en"),
        ("?x=1&lang=zh-CN&y=2", "", "zh-CN"),
    ],
)
def test_the_page_says_its_language(client: TestClient, path: str, query: str, reads: str, written: str) -> None:
    answer = client.get(f"{path}{query}", headers={"Accept-Language": reads})
    assert answer.text == PAGE.replace('lang="en"', f'lang="{written}"')
    assert ("etag" in answer.headers) == (path == "/" and written == "en")


def test_other_content_is_left_alone(client: TestClient) -> None:
    assert client.get("/text?lang=zh-CN").text == PAGE


@pytest.mark.parametrize(("host", "is_secure"), [("planner.example.org", True), ("plain.example.org", False), ("127.0.0.1:8501", False)])
def test_cookies_are_secure_where_the_page_is(client: TestClient, host: str, is_secure: bool) -> None:
    cookie = client.get("/", headers={"Host": host}).headers["set-cookie"]
    assert ("; Secure" in cookie) is is_secure
    assert "HttpOnly" in cookie


def test_cookies_are_secure_behind_a_proxy_that_is_believed(client: TestClient) -> None:
    assert "; Secure" in client.get("https://other.example.org/").headers["set-cookie"]
