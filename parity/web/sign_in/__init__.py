"""Sign-in: passwords, second factors, other identity providers, how long a session lasts, what is unsafe to serve."""
