"""Purchase: places bought one by one or in a block, and the use from which the block is cheaper."""
