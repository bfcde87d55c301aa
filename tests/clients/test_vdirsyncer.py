"""vdirsyncer keeps a folder equal to the planner's feed through three revisions, and khal shows each visit of it once.

vdirsyncer gives each event of a feed a UID of its own, made from all that the event says, and ours go: a moved visit comes as a new file
while the old one is deleted. What must hold is that nothing is there twice or stays, and that nothing is copied where nothing has changed.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.clients.clinic import FeedRevision, clinic
from tests.clients.vdirsyncing import SyncedFolder
from tests.exchange.calendar_reading import read_by_icalendar

FIRST, LAST = date(2025, 1, 1), date(2028, 1, 1)


def test_a_synced_folder_follows_three_revisions(tmp_path: Path) -> None:
    with clinic(tmp_path) as here:
        folder = SyncedFolder(tmp_path / "synced", here.url)
        follow(folder, here.on_the_first_day(), {"Copying"})
        follow(folder, here.on_the_second_day(), {"Copying", "Deleting"})
        follow(folder, here.on_the_third_day(), {"Deleting"})


def follow(folder: SyncedFolder, revision: FeedRevision, steps: set[str]) -> None:
    """Sync, with these kinds of steps; then the folder holds the revision, in khal's eyes too, and a second sync does nothing."""
    assert {line.split()[0] for line in folder.sync()} == steps
    assert folder.sync() == []
    files = [event for file in folder.files() for event in read_by_icalendar(file).values()]
    assert revision.is_shown_by(files)
    assert len({event.uid for event in files}) == len(folder.files()) == len(files)
    assert revision.is_shown_by(folder.listed_by_khal(FIRST, LAST))
