"""A run by one engine, verified by the other: tables, results, exhibits and sentences are the same
bytes on all notebooks.
"""

import pytest

from workbook.comparing.verify import verify
from workbook.running.rounds import How

pytestmark = pytest.mark.slow


def test_the_stock_engine_leaves_the_same_bytes_as_the_warm_one(study):
    assert verify(study, "baseline", how=How(engine="stock", jobs=2)) == []
