"""Charts that are no curves: bars, box plots, histograms, scatter plots, heat maps, parallel coordinates."""
