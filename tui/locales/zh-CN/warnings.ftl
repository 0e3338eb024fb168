# warnings
