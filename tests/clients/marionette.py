"""Marionette, the way in which Mozilla's programs are driven from outside: a command and its answer, each as ``LENGTH:JSON``."""

from __future__ import annotations

import json
import socket
from types import TracebackType
from typing import Any


class MarionetteError(AssertionError):
    """The program answered a command with a fault."""


class Marionette:
    """A session in the context of the program's own code, ended with the block."""

    def __init__(self, port: int, seconds: float) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self._file = self._socket.makefile("rb")
        self._number = 0
        self._received()
        self.command("WebDriver:NewSession")
        self.command("Marionette:SetContext", value="chrome")
        self.command("WebDriver:SetTimeouts", script=int(seconds * 1000))

    def __enter__(self) -> Marionette:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()
        self._socket.close()

    def command(self, name: str, **given: Any) -> Any:
        """What the command answers; raises MarionetteError."""
        self._number += 1
        message = json.dumps([0, self._number, name, given]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, number, fault, answer = self._received()
        assert number == self._number
        if fault:
            raise MarionetteError(f"{name}: {fault['message']}")
        return answer

    def run(self, script: str, *arguments: Any) -> Any:
        """What the body of an async function in the program's own code returns."""
        body = f"const done = arguments[arguments.length - 1]; const given = [...arguments].slice(0, -1);\n(async () => {{ {script} }})()"
        wrapped = f"{body}.then((value) => done([null, value ?? null]), (error) => done([String(error), null]));"
        fault, answer = self.command("WebDriver:ExecuteAsyncScript", script=wrapped, args=list(arguments))["value"]
        if fault:
            raise MarionetteError(fault)
        return answer

    def _received(self) -> Any:
        length = b""
        while (octet := self._file.read(1)) != b":":
            if not octet:
                raise MarionetteError("The program closed the connection.")
            length += octet
        return json.loads(self._file.read(int(length)))
