# portrait
