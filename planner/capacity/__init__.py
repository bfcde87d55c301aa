"""How busy the days of a site are: attendances per day and resource, and the places there are for them."""
