# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A self-contained HTML page of tables and bars."""

import html
from collections.abc import Sequence

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 60em; color: #222; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { padding: .25em .8em; text-align: right; border-bottom: 1px solid #ddd; }
th:first-child, td:first-child { text-align: left; }
svg text { font: 12px system-ui, sans-serif; fill: #222; }
"""


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def cells(kind: str, row: Sequence[str]) -> str:
        return "".join(f"<{kind}>{html.escape(cell)}</{kind}>" for cell in row)

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f"<table><tr>{cells('th', header)}</tr>{body}</table>"


def bars(values: Sequence[tuple[str, float]], unit: str, color: str = "#3b7dd8") -> str:
    """Horizontal bars from zero to the largest value, as inline SVG."""
    largest = max((value for _, value in values), default=0) or 1
    parts = []
    for index, (label, value) in enumerate(values):
        y = 20 * index
        width = 420 * value / largest
        parts.append(
            f'<text x="150" y="{y + 14}" text-anchor="end">{html.escape(label)}</text>'
            f'<rect x="158" y="{y + 3}" width="{width:.1f}" height="14" fill="{color}"/>'
            f'<text x="{164 + width:.1f}" y="{y + 14}">{value:.4g} {html.escape(unit)}</text>'
        )
    return (
        f'<svg role="img" width="720" height="{20 * len(values) + 6}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def page(title: str, sections: Sequence[tuple[str, str]]) -> str:
    """A whole page: a title and sections of heading and HTML."""
    body = "".join(f"<h2>{html.escape(h)}</h2>{content}" for h, content in sections)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><h1>{html.escape(title)}</h1>{body}</body></html>\n"
    )
