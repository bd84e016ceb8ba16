class Orphan(Line):
    shift: float
