"""The models that stand for choice, one module each; `omnix.ml.forecasting.candidates` finds them."""
