"""The page Subjects: everybody in a line, files in and out."""
