"""Two runs side by side: what was changed, which headline results moved, which exhibits look
different.
"""

from analysis.workbook.compare.comparison import Comparison, Moved, compare
from analysis.workbook.compare.telling import as_json, as_lines

__all__ = ["Comparison", "Moved", "as_json", "as_lines", "compare"]
