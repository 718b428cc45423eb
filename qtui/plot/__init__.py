"""Charts as rows of text: frozen values in, rows of pieces with roles out, no state in between.

    History -> series.Series -> series.make_curve() -> Curve      x values, smoothed, normalised; once per series
    Curve... -> chart.Chart -> drawing.draw_chart(width, height)  window, scales, cursor; for every picture
             -> picture.Picture: rows, and the plot area that converts cells into data and back

In `curves` are also `readout` (values at a point, cursor movement), `viewport` (zoom, pan, following the end) and
`band` (several runs as one), in `axes` the full range (`limits.x_limits`). The other `charts` are drawn by plotext
through `plotext_canvas`, except `parallel` (parallel coordinates), which is drawn on our canvas;
`plot_drawing.draw_plot` draws curves and all of plotext.

Curves are drawn on our own `canvas` instead of by plotext. Measured against plotext 6.1 with 10 curves of 240 points on
120x36 cells: 6.5 ms a frame against 31 to 54 ms. plotext also aborts the process on NaN, has no symlog scale and no
ASCII mode, and curves that share a cell take each other's colour.

Roles: `run-N` for curve N's colour, `run-N-dim` for a raw curve behind a smoothed one, `run-N-band`; `title`, `text`,
`strong`, `muted`, `axis`, `tick`, `grid`, `cursor`.
"""
