"""Everything proven, copied, restored and taken along."""
