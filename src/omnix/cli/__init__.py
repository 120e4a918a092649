"""The command line: translates and delegates."""
