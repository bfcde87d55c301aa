"""What a person does to a subject, each act in a dialog of its own."""
