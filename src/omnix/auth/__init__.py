"""Who is asking, and what they may do: primitives without storage."""
