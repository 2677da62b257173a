"""What the HTML page is made of: text made fit to look at, time lines, pictures, order; template, style and script."""
