"""Need as it would be if rates followed deprivation or ethnic mix: variants beside the plain estimate."""
