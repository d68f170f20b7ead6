"""Loading: staged Parquet files become rows of the star, in one transaction and one written order."""
