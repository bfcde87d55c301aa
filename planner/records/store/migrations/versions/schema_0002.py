"""Traces of what left the planner: feeds asked for, prints, mails, events put on CalDAV servers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the four tables; none of them is append-only."""
    op.create_table(
        "feed_uses",
        sa.Column("feed", sa.Text, primary_key=True),
        sa.Column("last_used", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "prints",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("subject_id", "revision")),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("printed_at", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
    )
    op.create_index("prints_of_subject", "prints", ["subject_id", "id"])
    op.create_table(
        "digests",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("claimed_at", sa.BigInteger, nullable=False),
        sa.Column("sent_at", sa.BigInteger),
    )
    op.create_table(
        "pushed",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("collection", "uid")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("href", "etag", "body")),
    )
