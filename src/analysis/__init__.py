"""The study of pooled ICT for Tokyo's 23 special wards: methods, chapters, groups and glossary."""

import workbook  # noqa: F401  before numpy is there: linear algebra in one thread
