# terminal
terminal-try-keys = Try keys
terminal-card = The bars below must stand in one column; if they do not, use --ambiguous or --glyphs ascii
terminal-pressed = Key pressed last: { $key }
terminal-size = Size
terminal-colours = Colours
terminal-colours-none = none
terminal-colours-16 = 16
terminal-colours-256 = 256
terminal-colours-true = true colour
terminal-theme = Theme
terminal-glyphs = Glyphs
terminal-glyphs-unicode = Unicode
terminal-glyphs-ascii = ASCII
terminal-ambiguous = Ambiguous characters
terminal-narrow = one cell
terminal-wide = two cells
