"""The page Settings: sites, working days, resources, feeds, and who may do what."""
