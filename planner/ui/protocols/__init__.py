"""The page Protocols: what is done when and why, previews, checking a file, comparing, amending."""
