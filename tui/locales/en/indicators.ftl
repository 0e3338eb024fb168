# indicators
