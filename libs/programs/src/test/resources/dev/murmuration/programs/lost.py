from nowhere import Line


class Lost(Line):
    shift: float
