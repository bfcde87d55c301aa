"""Before and after: every visit that a change moves, what it makes worse, and what no longer fits."""

from __future__ import annotations

import streamlit as st

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.model import Protocol
from planner.records.changes.proposal import Proposal
from planner.ui.check_sentences import warning_words
from planner.ui.language import in_language, language, t, tn
from planner.ui.moves_table import moves_table
from planner.ui.text_table import text_table
from planner.ui.words import sentence, unformatted


def before_after(proposal: Proposal, protocol: Protocol) -> None:
    """What saving the proposal would do."""
    table = moves_table(proposal.moves, ProtocolTexts(protocol, language()))
    if table.lines:
        st.markdown(f"**{tn('{number} visit changes', '{number} visits change', len(table.lines))}**")
        st.html(text_table(t("Visits before and after"), table.columns, table.lines))
    else:
        st.markdown(t("No visit moves or changes its status."))
    warnings = [warning_words(warning, protocol) for warning in proposal.warnings]
    warnings += [
        t("Fact {number} does not fit: {why}", number=unfit.number, why=sentence(in_language(unfit.why)))
        for unfit in proposal.unfit
        if not any(warning.about == f"fact {unfit.number}" for warning in proposal.warnings)
    ]
    if warnings:
        lines = "\n".join(f"* {unformatted(text)}" for text in warnings)
        st.warning(f"**{t('Look at this before you save:')}**\n\n{lines}", icon=":material/warning:")
