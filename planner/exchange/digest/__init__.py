"""The worklist by mail: what the message says, and how it is sent."""
