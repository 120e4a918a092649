"""One definition per metric, and the SQL of each by grain, dimension and filter. Pure."""
