"""Over all subjects: the worklist, the deviations, the subjects."""
