"""Home: the programmes a person may enter, and the first page of each."""
