# terminal
terminal-try-keys = 试按键
terminal-card = 下面各行的竖线应当对齐；对不齐，请用 --ambiguous 或 --glyphs ascii
terminal-pressed = 刚按的键：{ $key }
terminal-size = 大小
terminal-colours = 颜色
terminal-colours-none = 无
terminal-colours-16 = 16 色
terminal-colours-256 = 256 色
terminal-colours-true = 真彩色
terminal-theme = 配色
terminal-glyphs = 字形
terminal-glyphs-unicode = Unicode
terminal-glyphs-ascii = ASCII
terminal-ambiguous = 两可字符
terminal-narrow = 一格
terminal-wide = 两格
