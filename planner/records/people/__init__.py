"""Sites, accounts, roles and rights."""
