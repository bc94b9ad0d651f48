"""What every command has in common: help in Indonesian, and a place in the list whichever room it comes from."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


class Command(click.Command):
    """A command whose help has its fixed words in Indonesian."""

    def get_help(self, ctx: click.Context) -> str:
        return _translated(super().get_help(ctx))


class Group(click.Group):
    """The verbs of this room, and those that other rooms add by the entry points `kemitraan_xl.commands`."""

    command_class = Command

    def get_help(self, ctx: click.Context) -> str:
        return _translated(super().get_help(ctx))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_entries()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        entry = _entries().get(cmd_name)
        return entry.load() if entry else None


@cache
def _entries() -> dict[str, EntryPoint]:
    """Commands of other rooms by name; each is loaded when it is asked for."""
    from importlib.metadata import entry_points

    return {entry.name: entry for entry in entry_points(group="kemitraan_xl.commands")}


def _translated(text: str) -> str:
    for english, indonesian in (
        ("Usage:", "Pemakaian:"),
        ("Options:", "Pilihan:"),
        ("Commands:", "Perintah:"),
        ("COMMAND [ARGS]...", "PERINTAH [ISIAN]..."),
        ("[OPTIONS]", "[PILIHAN]"),
        ("Show this message and exit.", "Tampilkan bantuan ini."),
        ("[required]", "[wajib]"),
        ("[default: ", "[bawaan: "),
    ):
        text = text.replace(english, indonesian)
    return text
