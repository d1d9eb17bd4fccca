"""Reference tables the customers context stands on: industries and regions. Facts, not rows of a company."""
