"""Files of subjects and dates, judged row by row."""
