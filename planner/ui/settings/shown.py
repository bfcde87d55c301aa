"""What every view of the settings begins with."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from planner.records.people.rights import Action, NotAllowedError, allowed_role
from planner.records.people.roles import EVERYWHERE
from planner.records.people.settings import Settings
from planner.ui.desk import Desk
from planner.ui.language import in_language
from planner.ui.words import unformatted


@dataclass(frozen=True, slots=True)
class Shown:
    """Who looks, and the settings as they are, with the sites that the person may read."""

    at: Desk
    settings: Settings


def may_else_say(shown: Shown, action: Action = Action.ADMINISTER, site: str = EVERYWHERE) -> bool:
    """Whether the person may do this; else it is said which role it takes, and who gives it. Saving asks again."""
    try:
        allowed_role(shown.settings, shown.at.caller.who, action, site)
    except NotAllowedError as error:
        st.info(unformatted(in_language(str(error))), icon=":material/lock:")
        return False
    return True
