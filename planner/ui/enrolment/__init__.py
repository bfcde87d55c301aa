"""The page New subject: what is entered shows the whole calendar, and is judged by the records, before anything is kept."""
