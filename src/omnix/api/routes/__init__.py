"""The routes: each module here has a `router`; they are found by walking, never listed."""
