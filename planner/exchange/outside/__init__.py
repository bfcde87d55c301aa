"""What other people's calendars say of our visits, read back: a move there becomes a proposal here, never more."""
