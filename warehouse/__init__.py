"""The only code that knows DuckDB: queue, landing folder, tables, published copy."""

import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec


class _NoPandas:
    """Says that there is no pandas, without looking for it.

    DuckDB tries to import it for each value that is bound to a statement. Where there is none,
    Python would look through all its folders each time: 0.1 ms a value, so that a list of a
    thousand ids cost more than the search for them. (None in `sys.modules` says the same, but not
    to what Cython compiled.)
    """

    @staticmethod
    def find_spec(name: str, *_: object) -> ModuleSpec | None:
        """As import asks; who only asks whether there is one finds none."""
        if name == "pandas" and sys._getframe(2).f_code.co_name == "_find_and_load_unlocked":
            raise ModuleNotFoundError("No module named 'pandas'", name=name)
        return None


if "pandas" not in sys.modules and find_spec("pandas") is None:
    sys.meta_path.insert(0, _NoPandas)
