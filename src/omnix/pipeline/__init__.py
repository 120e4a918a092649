"""The graph of tables and its runs: ingest, curate, build, account for every row."""
