"""A calendar on a CalDAV server: what is put there and kept equal to a feed, and what somebody changed there."""
