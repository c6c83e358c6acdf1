"""The pack: a programme's strategy as one document, written as a committee would receive it."""
