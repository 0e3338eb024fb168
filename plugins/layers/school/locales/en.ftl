# Texts of the layer's library: where an input is not as needed, the column and the next step are named.
layer-unknown-transform = This plugin has no transform named “{ $transform }”. Check transform under [[computed]] in plugin.toml, and that library and definitions are of one version.
layer-wrong-inputs = “{ $transform }” needs { $wanted } inputs and was given { $found }. Check number and order of inputs in plugin.toml.
layer-empty-policy = The policy input of “{ $transform }” has no row. Add the row to its query in plugin.toml.
table-no-column = The input has no column “{ $column }”. Add it to the query in plugin.toml.
table-wrong-type = Column “{ $column }” is { $found } and cannot be read exactly. Convert it to whole or decimal numbers in the query in plugin.toml.
