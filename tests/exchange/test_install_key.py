import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from planner.exchange.install_key import FILE_NAME, FOLDER_NAME, InstallKeyError, install_key, key_file

ROOT = Path(__file__).parents[2]
GIVEN = "a-secret-of-at-least-thirty-two-characters"


def home(folder: Path) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(folder)}


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    key = install_key(home(tmp_path))
    assert len(key) == 64
    assert install_key(home(tmp_path)) == key
    assert install_key(home(tmp_path / "other")) != key


def test_the_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    install_key(home(tmp_path))
    folder = tmp_path / FOLDER_NAME
    assert stat.S_IMODE((folder / FILE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


def test_processes_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    program = "import sys; sys.stdin.readline()\nfrom planner.exchange.install_key import install_key\nprint(install_key().decode())"
    environment = {name: value for name, value in os.environ.items() if name != "PLANNER_INSTALL_KEY"} | home(tmp_path)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    keys = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert keys == {install_key(home(tmp_path)).decode()}
    assert [path.name for path in (tmp_path / FOLDER_NAME).iterdir()] == [FILE_NAME]


def test_another_process_that_was_first_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process makes its key between this one's look and this one's own."""
    path = key_file(home(tmp_path))
    link = os.link

    def link_too_late(source: Path, target: Path) -> None:
        path.write_text(GIVEN, encoding="ascii")
        path.chmod(0o600)
        link(source, target)

    monkeypatch.setattr(os, "link", link_too_late)
    assert install_key(home(tmp_path)) == GIVEN.encode()


def test_the_environment_comes_first(tmp_path: Path) -> None:
    assert install_key(home(tmp_path) | {"PLANNER_INSTALL_KEY": f" {GIVEN}\n"}) == GIVEN.encode()
    assert not (tmp_path / FOLDER_NAME).exists()


def test_the_content_of_the_file_may_be_copied_into_the_environment(tmp_path: Path) -> None:
    key = install_key(home(tmp_path))
    text = (tmp_path / FOLDER_NAME / FILE_NAME).read_text(encoding="ascii")
    assert install_key({"PLANNER_INSTALL_KEY": text}) == key


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"XDG_CONFIG_HOME": "/c", "HOME": "/h"}, "/c/trial-visit-planner/install-key"),
        ({"XDG_CONFIG_HOME": "", "HOME": "/h"}, "/h/.config/trial-visit-planner/install-key"),
        ({"XDG_CONFIG_HOME": "not/absolute", "HOME": "/h"}, "/h/.config/trial-visit-planner/install-key"),
        ({"HOME": "/h"}, "/h/.config/trial-visit-planner/install-key"),
    ],
)
def test_where_the_key_is_kept(environment: dict[str, str], expected: str) -> None:
    assert key_file(environment) == Path(expected)


@pytest.mark.parametrize("given", ["short", "x" * 31])
def test_a_short_key_is_refused_without_repeating_it(given: str) -> None:
    with pytest.raises(InstallKeyError, match=rf"PLANNER_INSTALL_KEY has {len(given)} characters; at least 32 are needed") as caught:
        install_key({"PLANNER_INSTALL_KEY": given})
    assert given not in str(caught.value)


@pytest.mark.parametrize(("content", "message"), [(b"", "has 0 characters"), (b"\xff" * 64, "holds something else than a key")])
def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes, message: str) -> None:
    path = key_file(home(tmp_path))
    path.parent.mkdir()
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(InstallKeyError, match=message):
        install_key(home(tmp_path))
    assert path.read_bytes() == content


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    install_key(home(tmp_path))
    key_file(home(tmp_path)).chmod(0o644)
    with pytest.raises(InstallKeyError, match=r"can be read by others. Make it yours alone: chmod 600"):
        install_key(home(tmp_path))


def test_a_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    with pytest.raises(InstallKeyError, match=r"can be neither read nor made: Not a directory\. .* or set PLANNER_INSTALL_KEY"):
        install_key(home(tmp_path / "file"))
