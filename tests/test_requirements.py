"""The requirements files pin every package, directly needed or not, and pin what is installed."""

import re
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def pins(name: str) -> dict[str, str]:
    """The version of each package that a requirements file, or one that it includes, pins."""
    found: dict[str, str] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if included := re.fullmatch(r"-r (\S+)", line):
            found |= pins(included[1])
        elif line and not line.startswith("#"):
            requirement = Requirement(line)
            (specifier,) = requirement.specifier
            assert specifier.operator == "==", f"{name}: {line} is not pinned with =="
            assert canonicalize_name(requirement.name) not in found, f"{name}: {line} is there twice"
            found[canonicalize_name(requirement.name)] = specifier.version
    return found


def needed_by(package: str) -> set[str]:
    """The packages that a package needs on this machine (extras left out)."""
    requirements = map(Requirement, requires(package) or [])
    return {canonicalize_name(needed.name) for needed in requirements if needed.marker is None or needed.marker.evaluate({"extra": ""})}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_is_what_is_installed(name: str) -> None:
    for package, pinned in pins(name).items():
        try:
            assert version(package) == pinned, f"{package} is pinned at {pinned} in {name}"
        except PackageNotFoundError:
            pytest.fail(f"{package} is pinned in {name} and not installed: make setup")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_whatever_a_pinned_package_needs_is_pinned_too(name: str) -> None:
    pinned = pins(name)
    missing = {needed: package for package in pinned for needed in needed_by(package) if needed not in pinned}
    assert not missing, f"not pinned in {name}, and who needs it: {missing}"
