"""Mathematics that knows no city: arrays and frames in, arrays and frames out, no file, no
parameter, no chart.
"""
