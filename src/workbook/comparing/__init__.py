"""Two runs side by side: what was changed, which headline results moved, which exhibits and
sentences differ.
"""

from workbook.comparing.comparison import Comparison, Moved, compare
from workbook.comparing.markdown import as_markdown
from workbook.comparing.telling import as_json, as_lines

__all__ = ["Comparison", "Moved", "as_json", "as_lines", "as_markdown", "compare"]
