"""SQL of people we do not trust: read twice, then run by a process that the kernel holds."""
