"""The documentation names what is there: pages, links, make targets, commands and their options."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
ALL_PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *PAGES]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def links(text: str) -> set[str]:
    """The targets of a page's links and pictures that are files of this project, without their ``#part``."""
    targets = re.findall(r"\]\(([^)\s#]+)[^)]*\)", text)
    return {target for target in targets if "://" not in target and not target.startswith("mailto:")}


def commands(text: str) -> list[str]:
    """The lines of a page's shell blocks, continued lines joined, remarks left out."""
    blocks = re.findall(r"^```(?:sh|bash|console)\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [command for line in lines if (command := re.sub(r"\s+#.*$", "", line).strip())]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", text_of(ROOT / "Makefile"), flags=re.MULTILINE))


def make_calls(text: str) -> set[str]:
    """The targets of every ``make target`` in a page's code, in blocks and in lines."""
    code = commands(text) + re.findall(r"`([^`\n]+)`", text)
    return {target for line in code for target in re.findall(r"^make ([a-z][a-z-]*)", line)}


def test_the_index_links_to_every_page_and_to_nothing_else() -> None:
    linked = {target for target in links(text_of(DOCS / "index.md")) if target.endswith(".md") and "/" not in target}
    assert linked == {page.name for page in PAGES} - {"index.md"}


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    assert [target for target in sorted(links(text_of(page))) if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_every_make_target_named_exists(page: Path) -> None:
    assert make_calls(text_of(page)) <= make_targets()


def test_the_readme_shows_the_two_commands_first() -> None:
    assert commands(text_of(ROOT / "README.md"))[:2] == ["make run", "make test"]


def test_every_make_target_that_help_lists_is_declared_phony() -> None:
    makefile = text_of(ROOT / "Makefile")
    phony = set(re.findall(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)[0].split())
    assert make_targets() == phony


# --- the code ---------------------------------------------------------------------------------------------------


def modules_in(folder: Path) -> set[str]:
    """The modules of a folder of planner/ and of those below it, as ``components/form``."""
    return {str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.py") if path.name != "__init__.py"}


def modules_named(section: str) -> set[str]:
    """The modules in the first column of a section's table."""
    return {name for cell in re.findall(r"^\| (`.*?) \|", section, flags=re.MULTILINE) for name in re.findall(r"`([^`]+)`", cell)}


@pytest.mark.parametrize(
    "folder", [path for path in sorted((ROOT / "planner").iterdir()) if (path / "__init__.py").exists()], ids=lambda path: path.name
)
def test_the_page_on_architecture_names_every_module_and_no_other(folder: Path) -> None:
    assert modules_named(sections(text_of(DOCS / "architecture.md"))[f"planner/{folder.name}/"]) == modules_in(folder)


def test_the_page_on_architecture_names_the_modules_outside_the_folders() -> None:
    outside = {path.name for path in (ROOT / "planner").glob("*.py")} - {"__init__.py"}
    assert set(re.findall(r"`planner/(\w+\.py)`", text_of(DOCS / "architecture.md"))) == outside


def test_every_page_that_the_code_names_exists() -> None:
    folders = [ROOT / "planner", ROOT / "tests", ROOT / "benchmarks"]
    files = [ROOT / "app.py", *(path for folder in folders for path in folder.rglob("*.py") if "node_modules" not in path.parts)]
    named = {(path.name, page) for path in files for page in re.findall(r"docs/[\w-]+\.md", text_of(path))}
    assert [f"{file} names {page}" for file, page in sorted(named) if not (ROOT / page).exists()] == []


# --- the command line -------------------------------------------------------------------------------------------


def command_line() -> typer.core.TyperGroup:
    from planner.cli import app

    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    return group


def all_commands(group: typer.core.TyperGroup, words: tuple[str, ...] = ()) -> Iterator[tuple[str, typer.core.TyperCommand]]:
    """Each command with the words that call it: ``("subject enrol", ...)``."""
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from all_commands(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


def command_options() -> Iterator[tuple[str, str]]:
    """Each command with each of its options: ``("expand", "--start")``."""
    for name, command in all_commands(command_line()):
        for parameter in command.params:
            if parameter.param_type_name == "option" and not getattr(parameter, "hidden", False):
                for option in parameter.opts + parameter.secondary_opts:
                    if option.startswith("--") and option != "--help":
                        yield name, option


def command_pages() -> str:
    """The pages that describe commands, one after the other."""
    return "\n".join(text_of(DOCS / page) for page in ("command-line.md", "records-commands.md"))


def sections(text: str) -> dict[str, str]:
    """A page's sections by their headings, each up to the next heading of the same or a higher level."""
    headings = list(re.finditer(r"^(#+) +(.*)$", text, flags=re.MULTILINE))
    found = {}
    for index, heading in enumerate(headings):
        ends = (other.start() for other in headings[index + 1 :] if len(other[1]) <= len(heading[1]))
        found[heading[2].strip("` ")] = text[heading.end() : next(ends, len(text))]
    return found


def test_every_command_has_a_section_of_its_name() -> None:
    described = {name.strip("` ") for heading in sections(command_pages()) for name in heading.split(",")}
    assert [name for name, _ in all_commands(command_line()) if name not in described] == []


def test_every_option_is_documented() -> None:
    documented = set(re.findall(r"--[a-z][a-z-]*", command_pages()))
    assert [f"{command} {option}" for command, option in command_options() if option not in documented] == []


def test_every_documented_option_exists() -> None:
    known = {option for _, option in command_options()} | {"--help"}
    lines = [line for page in ALL_PAGES for line in commands(text_of(page)) if line.startswith("python -m planner")]
    used = {option for line in lines for option in re.findall(r"(?<=\s)--[a-z][a-z-]*", line)}
    assert used <= known


@pytest.mark.parametrize("name", [name for name, _ in all_commands(command_line())])
def test_every_command_explains_itself(name: str) -> None:
    from planner.cli import app

    result = CliRunner().invoke(app, [*name.split(), "--help"])
    assert result.exit_code == 0
    assert name.split()[-1] in result.output


def test_the_examples_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One after the other in a folder of their own; the first as a process, as a reader starts it."""
    from planner.cli import app

    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "PLANNER_ACCOUNT": "reader"}
    for name in os.environ.keys() - environment.keys():
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    lines = [line for line in commands(text_of(ROOT / "README.md")) if line.startswith("python -m planner")]
    started = subprocess.run([sys.executable, *shlex.split(lines[0])[1:]], capture_output=True, text=True, check=False)
    assert started.returncode == 0 and started.stdout, f"{lines[0]}\n{started.stderr}"
    for line in lines:
        before = set(tmp_path.iterdir())
        result = CliRunner().invoke(app, shlex.split(line)[3:])
        assert result.exit_code == 0, f"{line}\n{result.stderr}"
        assert result.stdout or set(tmp_path.iterdir()) > before
