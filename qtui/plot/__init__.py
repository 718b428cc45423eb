"""Charts as rows of text: frozen values go in, rows of pieces with roles come out, and nothing is kept between.

    History -> series.Series -> series.shaped() -> Curve      along what, smoothed, normalised; made once per series
    Curve... -> chart.Chart -> drawing.draw(width, height)     window, scales, cursor; made anew for every picture
             -> picture.Picture: rows, and the frame that turns cells into places and back

Beside them: `reading` (what curves say at a place, where a cursor goes, which point is under the mouse), `view` (zoom,
pan, following the end), `limits.of_places` (all there is to see), `band` (runs as one), `bars`, `histogram`, `boxes`
(a cloud is a `Curve` that is not `lined`), `svg` and `data` (what is given out).

Roles: `run-N` for curve N's colour, `run-N-dim` beneath a smoothed one, `run-N-band`; `title`, `text`, `strong`,
`muted`, `axis`, `tick`, `grid`, `cursor`.
"""
