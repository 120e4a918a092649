"""Where a shop's data comes from: the sample shop, files, databases; presets that map them."""
