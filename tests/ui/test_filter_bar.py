"""Lists to filter by, alone."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from planner.ui import link
    from planner.ui.components.filter_bar import clear_filters, filter_bar, show_only, site_filter, study_filter, visit_kind_filter

    filters = [site_filter(["BEI", "NYC"]), study_filter(["crlm"]), visit_kind_filter()]
    chosen = filter_bar("alone", filters, link.arrived(), lambda page: st.session_state.update(changed=page))
    st.button("Clear", on_click=clear_filters, args=("alone", chosen))
    st.button("Only NYC", on_click=show_only, args=("alone", "site", "NYC"))
    link.write(chosen)
    st.session_state.chosen = chosen


def drawn(**entries: str) -> AppTest:
    at = AppTest.from_function(script)
    for name, text in entries.items():
        at.query_params[name] = text
    return at.run()


def test_all_at_first() -> None:
    at = drawn()
    assert at.session_state.chosen == {"site": "", "study": "", "kind": ""}
    assert [box.label for box in at.selectbox] == ["Site", "Study", "Kind of visit"]
    assert at.selectbox[0].options == ["All sites", "BEI", "NYC"]
    assert not at.query_params


def test_an_address_chooses() -> None:
    at = drawn(site="NYC", kind="imaging")
    assert at.session_state.chosen == {"site": "NYC", "study": "", "kind": "imaging"}


def test_a_choice_goes_into_the_address_and_is_told() -> None:
    at = drawn()
    at.selectbox[0].set_value("BEI").run()
    assert at.session_state.chosen["site"] == "BEI"
    assert list(at.query_params["site"]) in (["BEI"], list("BEI"))
    assert at.session_state.changed == "alone"


def test_clearing_and_choosing_from_elsewhere() -> None:
    at = drawn(site="BEI", study="crlm")
    at.button[1].click().run()
    assert at.session_state.chosen == {"site": "NYC", "study": "crlm", "kind": ""}
    at.button[0].click().run()
    assert at.session_state.chosen == {"site": "", "study": "", "kind": ""}


def test_what_is_not_there_is_said() -> None:
    at = drawn(site="**XYZ**" + "x" * 100)
    assert at.session_state.chosen["site"] == ""
    assert at.caption[0].value.startswith(r"Site: nothing here is called \*\*XYZ\*\*xxx")
