"""Mails and archives: what is in them, and the bytes of one part."""
