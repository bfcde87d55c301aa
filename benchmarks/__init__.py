"""What ``make bench`` measures; docs/benchmarks.md tells how to read it."""
