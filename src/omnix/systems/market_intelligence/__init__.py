"""Market Intelligence Hub: what sells, when and where."""
