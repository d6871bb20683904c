"""Who somebody is: users, sign-in, adapters."""
