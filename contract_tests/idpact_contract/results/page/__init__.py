"""What the HTML page is made of: text made safe to look at, time lines, pictures, the order of the rules; template, style and script."""
