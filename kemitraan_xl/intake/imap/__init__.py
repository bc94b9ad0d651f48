"""Mails fetched from a mailbox, which is only read."""
