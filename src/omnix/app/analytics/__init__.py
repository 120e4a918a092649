"""What programs and the dashboard ask of the tables: rows, metrics, insights, forecasts."""
