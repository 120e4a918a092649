"""Card data, masks and pseudonyms: pure functions over columns."""
