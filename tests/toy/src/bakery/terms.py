"""The glossary: each identifier of the study with its Japanese and its English term."""

from __future__ import annotations

TERMS: dict[str, dict[str, str]] = {
    "mill_field": {"ja": "水車の畑", "en": "mill field"},
    "hill_field": {"ja": "丘の畑", "en": "hill field"},
    "milling_loss": {"ja": "製粉で失う割合", "en": "share lost in milling"},
    "grain_sacks": {"ja": "穀物の袋数", "en": "sacks of grain"},
    "takings": {"ja": "パンの売上げ", "en": "takings from bread"},
}
