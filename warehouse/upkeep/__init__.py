"""Looking after a warehouse.

is it whole?            checks.py         the way back           backup.py
whole again             rebuild.py
what goes when          retention.py      another place          move.py, checksums.py
half-made files         sweep.py          space given back       compact.py
what each column means  dictionary.py
"""
