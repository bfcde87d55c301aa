"""The page Audit: the log, its proof, and its export."""
