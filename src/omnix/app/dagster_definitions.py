"""What `dagster dev -m omnix.app.dagster_definitions` loads: the graph of OMNIX_HOME."""

from omnix.app.ops import definitions

defs = definitions()
