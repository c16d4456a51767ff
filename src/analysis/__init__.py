"""The study of pooled ICT for Tokyo's 23 special wards: methods, chapters, groups and glossary."""
