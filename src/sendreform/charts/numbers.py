"""How a figure is written on a chart and in its table: thousands, per cent signs, pounds."""

from dataclasses import dataclass

MINUS = "−"


@dataclass(frozen=True)
class NumberFormat:
    """Decimals, and the signs that stand before and after a number of one unit."""

    decimals: int = 0
    before: str = ""
    after: str = ""

    def full(self, value: float) -> str:
        """Write a number with all its digits.

        Examples
        --------
        >>> NumberFormat(1, after="%").full(-4.25), NumberFormat(before="£").full(1234567)
        ('−4.2%', '£1,234,567')
        """
        return self._signed(value, f"{abs(value):,.{self.decimals}f}")

    def short(self, value: float) -> str:
        """Write a number for a label: millions and billions are shortened.

        Examples
        --------
        >>> NumberFormat(before="£").short(11_340_000_000), NumberFormat().short(638745)
        ('£11.3bn', '638,745')
        """
        # What rounds to a thousand million is a billion; below a million all digits are written.
        for size, least, name in ((1e9, 999_950_000, "bn"), (1e6, 1e6, "m")):
            if abs(value) >= least:
                digits = f"{abs(value) / size:,.1f}".removesuffix(".0")
                return self._signed(value, f"{digits}{name}")
        return self.full(value)

    def _signed(self, value: float, digits: str) -> str:
        is_zero = not digits.strip("0.,")
        return f"{MINUS if value < 0 and not is_zero else ''}{self.before}{digits}{self.after}"


def number_format(unit: str, decimals: int) -> NumberFormat:
    """Return how numbers of a unit are written, the unit as the catalogue words it.

    Examples
    --------
    >>> number_format("per cent of pupils", 1).full(19.5), number_format("plans", 0).full(638745)
    ('19.5%', '638,745')
    >>> number_format("million pounds", 0).full(5300)
    '£5,300m'
    """
    words = unit.lower()
    if words.startswith("per cent"):
        return NumberFormat(decimals, after="%")
    if "pound" in words:
        scale = "m" if "million" in words else "bn" if "billion" in words else ""
        return NumberFormat(decimals, before="£", after=scale)
    return NumberFormat(decimals)
