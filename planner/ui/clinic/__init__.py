"""The page Calendar: everybody's visits by day, week and month, and how busy the sites are."""
