"""The thread: links from later records to the earlier ones they rest on."""
