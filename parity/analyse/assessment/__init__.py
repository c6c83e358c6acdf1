"""The needs and resources assessment of a place: its key messages, its maps, and the document that holds them."""
