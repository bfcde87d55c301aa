"""How many random cases property tests try: the ``HYPOTHESIS_PROFILE`` chooses ``ci`` or ``long``.

``ci`` (the default) tries the same cases each time, so that a run of `make test` says the same twice; ``long``
(`make test-long`) looks for new ones. A test that needs more than the profile's number multiplies it:
``@settings(max_examples=20 * settings.default.max_examples)``.
"""

import os

from hypothesis import HealthCheck, settings

import tests.kept  # noqa: F401  # before the modules that it makes faster
from tests.records.databases import (
    database,
    database_url,
    demo_postgresql_template,
    demo_postgresql_url,
    demo_sqlite_file,
    demo_sqlite_url,
    demo_url,
    empty_postgresql_url,
    filled,
    postgresql,
    postgresql_template,
    postgresql_url,
    session_folder,
    sqlite_template,
    sqlite_url,
)

# Fixtures for all tests.
__all__ = [
    "database",
    "database_url",
    "demo_postgresql_template",
    "demo_postgresql_url",
    "demo_sqlite_file",
    "demo_sqlite_url",
    "demo_url",
    "empty_postgresql_url",
    "filled",
    "postgresql",
    "postgresql_template",
    "postgresql_url",
    "session_folder",
    "sqlite_template",
    "sqlite_url",
]

settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", max_examples=2000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
