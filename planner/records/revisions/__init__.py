"""How often each visit's date, time or status has changed, and when it last did."""
