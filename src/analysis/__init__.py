"""The analysis of pooled ICT for Tokyo's 23 special wards, from vocabulary to workbook."""
