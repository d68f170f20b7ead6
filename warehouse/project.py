"""Where the program lies, and what comes with it."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
"""The folder that the packages lie in: a checkout, or where pip put them."""
IS_CHECKOUT = not (PROJECT / "warehouse" / "sql").is_dir()
SHIPPED = PROJECT if IS_CHECKOUT else PROJECT / "warehouse"
"""The folder of `sql`, `seeds` and `prefect.yaml`: a wheel has them within the package."""
