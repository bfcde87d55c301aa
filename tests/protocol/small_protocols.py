"""Small protocol files for the tests of the reader: one that is right, and pieces to put into it."""

from __future__ import annotations

from planner.protocol.errors import ProtocolError, ProtocolErrors
from planner.protocol.read import read_protocol

SMALL = """\
protocol: small
version: 1.10
title: A small study

parameters:
  regimen:
    label: Chemotherapy
    default: CAPOX
    choices:
      CAPOX: {cycle: 21d, pump: no, pd1: with_cycle}
      FOLFOX: {cycle: 14d, pump: yes, pd1: own_clock}
  cycles: {range: 3..6, default: 4}
  maintenance: {range: 1mo..24mo, default: 12mo}
  follow_up: {choices: [short, long], default: short}
  birth_year: {range: 1900..2100, optional: true}

milestones:
  CONSENT: Informed consent signed
  PRIOR_RT_END: {label: End of previous radiotherapy, optional: true}
  LAST_DOSE: {at: "any(chemotherapy, pd1, maintenance).last"}

decisions:
  response: {at: MDT, choices: [good, poor]}
  management:
    at: MDT
    choices:
      surgery: {label: Surgery, requires: {response: good}}
      maintenance: Maintenance
      withdraw: {ends: everything}

activities:
  EXAM: Examination
  CHEMO: {label: Chemotherapy, dose: chemotherapy}
  PD1: {label: PD-1, dose: pd1}
  FRACTION: {label: Fraction, dose: radiotherapy}
  DRUG: {label: Maintenance drug, dose: maintenance}
  OPERATION: {label: Surgery, dose: surgery}

visits:
  - id: ICF
    name: Consent
    epoch: Screening
    is: CONSENT
    source: stated

  - id: LAB
    at: C1D1 - 7d
    within: -15d..0d
    not_before: [CONSENT]
    redo: true
    source: {visit: stated, window: assumed}

  - id: C1D1
    epoch: Treatment
    kind: treatment
    start: true
    open_also: {regimen.pump: +2d}
    activities: [EXAM, CHEMO, PD1]
    source: stated

  - id: F{n}
    series: SBRT
    repeat: {times: 5}
    first: {at: C1D1 + 14d, window: -7d/+0d}
    then: {at: previous + 1wd, window: -0wd/+1wd}
    on: linac
    activities: [FRACTION]
    source: stated

  - id: C{n}D1
    series: CHEMO
    repeat: {from: 2, times: cycles}
    first: {at: SBRT.last + 7d, window: -0d/+7d}
    then: {at: previous + regimen.cycle, window: -3d/+3d}
    activities: [EXAM, CHEMO, {PD1: {regimen.pd1: with_cycle}}]
    minutes: 240
    source: stated

  - id: C{n}D3
    like: [C1D1, CHEMO]
    at: C{n}D1 + 2d
    when: {regimen.pump: yes}
    source: assumed

  - id: PD1-{n}
    series: PD1
    repeat: {until: CHEMO.last, at_most: 12}
    at: previous + 21d
    first: {at: C2D1 + 21d}
    window: -3d/+3d
    not_before: any(pd1).previous + 18d
    with: CHEMO
    when: {regimen.pd1: own_clock}
    activities: [PD1, {EXAM: {every: 2}}]
    source: assumed

  - id: MDT
    kind: decision
    at: SBRT.last + 8w
    window: -14d/+14d
    source: stated

  - id: SURG
    kind: treatment
    at: any(chemotherapy, pd1).last + 5w
    not_before: [MDT]
    when: {management: surgery}
    activities: [OPERATION]
    source: stated

  - id: M{n}
    series: MAINT
    repeat: {until: first + maintenance, at_most: 40}
    first: {at: "latest of [MDT + 21d, any(chemotherapy, pd1).last + regimen.cycle]"}
    then: {at: previous + 21d}
    when: {management: maintenance}
    activities: [DRUG]
    source: assumed

  - id: FU{n}
    epoch: Follow-up
    repeat: {every: [8 x 3mo, {follow_up: long, steps: 6 x 6mo}]}
    at: SBRT.last
    window: -14d/+14d
    unless: {response: poor}
    source: assumed

  - id: CONTRA
    kind: reminder
    at: LAST_DOSE + 6mo
    source: stated

checks:
  - {id: consent-first, order: [CONSENT, any procedure]}
  - {id: prior-rt, from: PRIOR_RT_END, to: SBRT.first, more_than: 6mo}
  - {id: gap, between: SBRT, at_most: 4d}
  - {id: pd1-gap, between: any(pd1), at_least: 18d}
  - {id: late, late: CHEMO, more_than: 28d}
  - {id: lapse, since: any(pd1), more_than: 12w}
  - {id: age, age: birth_year, at: CONSENT, between: 18..75}

language:
  zh-CN:
    title: 一项小型研究
    epochs: {Screening: 筛选期}
    visits: {ICF: {name: 知情同意}, "C{n}D1": "第{n}周期"}
    activities: {CHEMO: {label: 化疗, bring: 用药清单}}
    decisions: {management: {label: 处理, choices: {surgery: 手术}}}
"""
"""Every key and every form of the format."""


def errors_of(text: str) -> tuple[ProtocolError, ...]:
    """The errors of a file; none if it is right."""
    try:
        read_protocol(text, "p.yaml")
    except ProtocolErrors as found:
        return found.errors
    return ()


def changed(old: str, new: str) -> str:
    """SMALL with one piece, which stands in it exactly once, replaced."""
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)
