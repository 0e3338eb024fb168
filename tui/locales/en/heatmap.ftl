# heatmap
