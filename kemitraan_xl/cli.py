"""The command `kemitraan`: every verb of the product without Excel.

Exit 0 = done and no finding of level E; 1 = done, findings of level E exist; 2 = wrong use, or nothing could
be done (one Indonesian line on stderr). Heavy modules are imported inside the verbs, so that help is instant.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from kemitraan_xl import collector
from kemitraan_xl.commands import Group
from kemitraan_xl.impossible import Impossible
from kemitraan_xl.safe_write import open_in_excel, own_files

if TYPE_CHECKING:
    from kemitraan_xl.consolidate import Recap
    from kemitraan_xl.intake.imap.address import Mailbox
    from kemitraan_xl.intake.model import Source
    from kemitraan_xl.intake.pool import Each
    from kemitraan_xl.intake.remote import Remote

_FILE = click.Path(path_type=Path)
_FILE.name = "berkas"  # what help calls it


def main() -> NoReturn:
    """Run the command line; wrong use and failures become one Indonesian line and exit code 2."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # nothing here multiplies matrices; threads forbid to fork
    try:
        code = kemitraan.main(prog_name="kemitraan", standalone_mode=False)
        sys.exit(code or 0)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        _fail("Dihentikan.")
    except click.ClickException as error:
        _fail(_in_indonesian(error))
    except Impossible as reason:
        _fail(str(reason))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)
    except OSError as error:
        what = f"Berkas {error.filename}" if error.filename else "Hasilnya"
        _fail(f"{what} tidak dapat dibaca atau ditulis: {_why(error)}.")


def _fail(line: str) -> NoReturn:
    click.echo(f"kemitraan: {line}", err=True)
    sys.exit(2)


def _why(error: OSError) -> str:
    reasons = {
        PermissionError: "tidak ada izin, atau berkas sedang dibuka di program lain",
        FileNotFoundError: "folder atau berkasnya tidak ada",
        IsADirectoryError: "itu sebuah folder",
        NotADirectoryError: "salah satu bagian alamatnya bukan folder",
        FileExistsError: "sudah ada berkas dengan nama itu",
    }
    return reasons.get(type(error), "periksa ruang penyimpanan dan alamatnya")


def _in_indonesian(error: click.ClickException) -> str:
    """click's own complaints in plain Indonesian."""
    hint = "Lihat kemitraan --help."
    match error:
        case click.NoSuchOption():
            return f"Pilihan {error.option_name} tidak dikenal. {hint}"
        case click.MissingParameter():
            name = error.param.human_readable_name if error.param else ""
            return f"{name} wajib diisi. {hint}"
        case click.BadParameter():
            name = f"{error.param.human_readable_name}: " if error.param else ""
            return f"{name}{error.message if isinstance(error, _Wrong) else 'isian tidak sah'}. {hint}"
        case click.UsageError() if error.message.startswith("No such command"):
            return f"Perintah itu tidak dikenal. {hint}"
        case click.UsageError() if not isinstance(error, _Plain):
            return f"Susunan perintah keliru. {hint}"
    return error.message


class _Wrong(click.BadParameter):
    """A wrong value whose message is already Indonesian."""


class _Plain(click.UsageError):
    """A failure whose whole line is already Indonesian."""


def _day(context: click.Context, parameter: click.Parameter, value: str | None) -> date:
    """--per-tanggal, else SOURCE_DATE_EPOCH, else today."""
    if value is None:
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        return datetime.fromtimestamp(int(epoch), UTC).date() if epoch else date.today()
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _Wrong("tulis tanggal seperti 2026-01-31", context, parameter) from None


def _language(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """The code of a language that there is."""
    from validation.language import languages

    if value is None or value in languages():
        return value
    raise _Wrong(f"{value} tidak ada; pilih {' atau '.join(languages())}", context, parameter)


def _source(text: str) -> Path | Mailbox | Remote:
    """A file, a folder, a mailbox or an object store, as typed."""
    from kemitraan_xl.intake.imap.address import is_address, read_address
    from kemitraan_xl.intake.remote import is_remote, read_remote

    if is_address(text):
        return read_address(text)
    return read_remote(text) if is_remote(text) else Path(text)


def _no_mailbox(text: str) -> Path:
    """A file or folder, as typed. An address is not repeated: somebody may have written a password into it."""
    source = _source(text)
    if not isinstance(source, Path):
        raise _Plain("Kotak surat dan penyimpanan jauh hanya dapat direkap langsung; pakai perintah konsolidasi.")
    return source


_per_tanggal = click.option(
    "--per-tanggal", "today", callback=_day, metavar="YYYY-MM-DD", help="Tanggal yang dipakai menilai waktu."
)
_senyap = click.option("--senyap", is_flag=True, help="Tanpa laporan kemajuan.")
_format = click.option(
    "--format", "shape", type=click.Choice(["teks", "json"]), default="teks", help="Bentuk keluaran."
)
_pekerja = click.option(
    "--pekerja",
    "workers",
    type=click.IntRange(1, 64),
    default=os.cpu_count() or 1,
    help="Banyak proses pembaca.",
)


@click.group(cls=Group, context_settings={"help_option_names": ["--help", "-h"]})
def kemitraan() -> None:
    """Kemitraan KPAI: menerbitkan templat, memeriksa kiriman mitra, menilai, dan merekap."""


@kemitraan.command()
@click.option("--keluaran", "target", type=_FILE, default=Path("keluaran"), help="Folder hasil.")
@_per_tanggal
def demo(target: Path, today: date) -> int:
    """Menjalankan seluruh daur dengan mitra contoh."""
    from kemitraan_xl.contoh.demo import run_demo

    result = run_demo(target, today)
    for line in result.lines():
        click.echo(line)
    return 1 if result.differences else 0


@kemitraan.command()
@click.option("--dari", "old", type=_FILE, help="Induk lama yang isinya dibawa.")
@click.option(
    "--impor", "sources", type=_no_mailbox, metavar="SUMBER", multiple=True, help="Berkas atau folder usulan mitra."
)
@click.option("--keluaran", "target", type=_FILE, required=True, help="Induk baru (.xlsx, atau .xlsm dengan tombol).")
@_per_tanggal
@_senyap
def induk(old: Path | None, sources: tuple[Path, ...], target: Path, today: date, senyap: bool) -> int:
    """Membuat buku kerja induk: kosong, atau dengan isi induk lama dan usulan yang diterima."""
    from kemitraan_xl.renew import new_master

    if target.suffix.lower() not in (".xlsx", ".xlsm"):
        raise _Plain("Induk ditulis sebagai .xlsx, atau sebagai .xlsm dengan tombol.")
    if target.exists():
        raise _Plain(f"{target} sudah ada; induk yang ada tidak pernah ditimpa. Pilih nama lain.")
    with _working(senyap) as (started, progress):
        lines = new_master(target, old, sources, today, started, progress)
    _echo_lines(lines)
    return 0


@kemitraan.command()
@click.option(
    "--jenis", "kind", type=click.Choice(["usulan", "kemajuan", "akhir"]), required=True, help="Jenis templat."
)
@click.option("--mitra", "partner", metavar="NAMA", help="Nama lembaga mitra.")
@click.option("--kode", "code", metavar="KODE", default="", help="Kode mitra yang diterbitkan KPAI.")
@click.option(
    "--periode", "period", metavar="PERIODE", default="", help="Periode: 2026, 2026-S1, 2026-T1, atau 2026-01."
)
@click.option("--dari", "master", type=_FILE, help="Induk; satu templat untuk setiap mitra di dalamnya.")
@click.option(
    "--bahasa",
    "bahasa",
    callback=_language,
    metavar="id|en",
    help="Bahasa templat: id (bawaan) atau en. Dengan --dari: bahasa setiap mitra menurut lembar Mitra.",
)
@click.option("--keluaran", "target", type=_FILE, required=True, help="Berkas .xlsx, atau folder dengan --dari.")
@_per_tanggal
def templat(
    kind: str,
    partner: str | None,
    code: str,
    period: str,
    master: Path | None,
    bahasa: str | None,
    target: Path,
    today: date,
) -> int:
    """Menerbitkan templat untuk mitra."""
    from kemitraan_xl.issue import issue_all, issue_one
    from validation.periods import Period

    read = Period.read(period)
    if period and read is None:
        raise _Plain(f"Periode {period} tidak dikenal; tulis 2026, 2026-S1, 2026-T1, atau 2026-01.")
    period = read.text if read else ""
    if kind == "kemajuan" and not period:
        raise _Plain("Laporan kemajuan memerlukan --periode: 2026, 2026-S1, 2026-T1, atau 2026-01.")
    if (master is None) == (partner is None):
        raise _Plain("Sebutkan --mitra NAMA, atau --dari INDUK.xlsx, salah satu.")
    if master is not None:
        made = issue_all(kind, master, period, target, today, bahasa or "")
    else:
        made = [issue_one(kind, str(partner), code, period, target, today, bahasa=bahasa or "id")]
    for path in made:
        click.echo(str(path))
    return 0


@kemitraan.command()
@click.argument("files", nargs=-1, required=True, type=_no_mailbox, metavar="BERKAS...")
@_format
@_per_tanggal
@_senyap
@_pekerja
def periksa(files: tuple[Path, ...], shape: str, today: date, senyap: bool, workers: int) -> int:
    """Memeriksa berkas yang kembali dari mitra, atau isian staf dalam induk."""
    from kemitraan_xl.report import findings_json, findings_text
    from kemitraan_xl.verdicts import look_at_masters

    recap = _consolidated(files, today, senyap, workers)
    look_at_masters(recap.returns)
    if shape == "json":
        _echo_json(findings_json(recap))
    else:
        _echo_lines(findings_text(recap))
    return _code(recap)


@kemitraan.command()
@click.argument("files", nargs=-1, required=True, type=_no_mailbox, metavar="BERKAS...")
@_format
def nilai(files: tuple[Path, ...], shape: str) -> int:
    """Menilai setiap daftar periksa dalam lembar Data Penilaian."""
    from kemitraan_xl.grade import grade, grades_text

    grades = grade(files)
    if shape == "json":
        _echo_json({"berkas": grades})
    else:
        _echo_lines(grades_text(grades))
    return 0


@kemitraan.command()
@click.argument("sources", nargs=-1, required=True, type=_source, metavar="SUMBER...")
@click.option("--keluaran", "target", type=_FILE, required=True, help="Buku rekap (.xlsx).")
@click.option("--induk", "master", type=_FILE, help="Induk yang dibaca; tidak pernah diubah.")
@click.option("--kembalikan", "back", type=_FILE, metavar="DIR", help="Folder untuk berkas bertanda dan surel.")
@click.option("--parquet", type=_FILE, metavar="DIR", help="Folder arsip Parquet; yang lama diganti seluruhnya.")
@click.option(
    "--partisi", "parts", type=click.Choice(["tahun", "provinsi"]), multiple=True, help="Bagi arsip Parquet; boleh dua."
)
@click.option("--pratinjau", "preview", is_flag=True, help="Bandingkan dengan rekap yang ada; tidak menulis.")
@_per_tanggal
@_senyap
@_pekerja
@click.option("--dask", metavar="ALAMAT", help="Penjadwal kluster Dask yang membaca, seperti tcp://10.0.0.5:8786.")
@collector.paused()
def konsolidasi(
    sources: tuple[Path | Mailbox | Remote, ...],
    target: Path,
    master: Path | None,
    back: Path | None,
    parquet: Path | None,
    parts: tuple[str, ...],
    preview: bool,
    today: date,
    senyap: bool,
    workers: int,
    dask: str | None,
) -> int:
    """Merekap berkas, surel, arsip, folder, dan kotak surat (imaps://pengguna@server/KOTAK) menjadi satu buku kerja."""
    from kemitraan_xl.book.summary import write_summary
    from kemitraan_xl.inboxes import at_hand
    from kemitraan_xl.recap import figures

    _writable(target, master)
    if back is not None:
        _returnable(back, target, preview)
    if parts and parquet is None:
        raise _Plain("--partisi membagi arsip Parquet; sebutkan juga --parquet DIR.")
    archive = _archivable(parquet, preview, (target, back, master)) if parquet is not None else frozenset()
    with at_hand(_told(sources, dask), partial(_working, senyap, "Mengambil", "surel")) as given:
        recap = _consolidated(given, today, senyap, workers, _own(target, back, given) | archive, master, dask)
        if preview:
            from kemitraan_xl.preview import differences

            _echo_lines(differences(recap, target))
            return _code(recap)
        with _archived(recap, parquet, tuple(dict.fromkeys(parts))) as made:
            made += _sent_back(recap, back) if back is not None else []
            write_summary(recap, target)
    _echo_lines(f"{label}: {value}" for label, value in figures(recap))
    others = recap.verdicts() - Counter(diterima=len(recap.returns), dikembalikan=len(recap.returns))
    if others:
        click.echo(f"Lainnya: {', '.join(f'{count} {verdict}' for verdict, count in sorted(others.items()))}")
    click.echo(f"Rekap: {target}")
    _echo_lines(made)
    return _code(recap)


@kemitraan.command()
@click.argument("codes", nargs=-1, metavar="[KODE]...")
@_format
def kamus(codes: tuple[str, ...], shape: str) -> int:
    """Menampilkan setiap kode pemeriksaan, atau hanya KODE."""
    from kemitraan_xl.report import check_json
    from validation.contract import checks

    wanted = {code.upper() for code in codes} or {check.code for check in checks()}
    rows = [check_json(check) for check in sorted(checks(), key=lambda check: check.key) if check.code in wanted]
    if unknown := wanted - {row["kode"] for row in rows}:
        raise _Plain(f"Kode {', '.join(sorted(unknown))} tidak ada; kemitraan kamus menyebut semuanya.")
    if shape == "json":
        _echo_json(rows)
    else:
        for row in rows:
            click.echo(f"{row['kode']}  {row['tingkat']}  {row['arti']} {row['saran']} ({row['sumber']})")
    return 0


@kemitraan.command()
@click.argument("master", type=_FILE, metavar="INDUK")
@click.option(
    "--lembar",
    "sheets",
    metavar="NAMA",
    multiple=True,
    required=True,
    help="Nama lembar, atau Berkas Mitra, atau Ringkasan Triwulan; boleh diulang.",
)
@click.option("--mitra", "partners", metavar="KODE", multiple=True, help="Cetak isian mitra ini saja; boleh diulang.")
@click.option("--periode", "period", metavar="PERIODE", default="", help="Untuk Ringkasan Triwulan, misalnya 2026-T3.")
@click.option("--keluaran", "target", type=_FILE, required=True, help="Folder hasil.")
@_per_tanggal
def cetak(
    master: Path, sheets: tuple[str, ...], partners: tuple[str, ...], period: str, target: Path, today: date
) -> int:
    """Mencetak lembar induk menjadi PDF."""
    from kemitraan_xl.printing import print_sheets, together
    from kemitraan_xl.products import PRODUCTS, print_products

    if partners or set(PRODUCTS) & set(sheets):
        made = print_products(master, sheets, partners, period, target, today, together)
    else:
        made = print_sheets(master, sheets, target)
    _echo_lines(map(str, made))
    return 0


@kemitraan.command()
@click.argument("master", type=_FILE, metavar="INDUK")
@click.option("--keluaran", "target", type=_FILE, required=True, help="Folder surel.")
@_per_tanggal
def ingatkan(master: Path, target: Path, today: date) -> int:
    """Menulis surel pengingat untuk laporan yang jatuh tempo, satu untuk setiap mitra."""
    from kemitraan_xl.remind import remind

    _echo_lines(remind(master, target, today))
    return 0


# ---- shared ------------------------------------------------------------------------------------------ #


def _consolidated(
    sources: Sequence[Source],
    today: date,
    senyap: bool,
    workers: int,
    exclude: frozenset[Path] = frozenset(),
    master: Path | None = None,
    dask: str | None = None,
) -> Recap:
    from kemitraan_xl.consolidate import consolidate

    with _elsewhere(dask, sources, workers) as elsewhere, _working(senyap) as (started, progress):
        recap = consolidate(sources, today, workers, progress, exclude, started, master, elsewhere=elsewhere)
    if not recap.listed:
        raise _Plain("Tidak ada berkas yang ditemukan pada sumber itu.")
    return recap


def _told(sources: Sequence[Path | Mailbox | Remote], dask: str | None) -> Sequence[Source | Mailbox]:
    """The sources, with a list of the files in place of an address. A mailbox is for this computer alone."""
    from kemitraan_xl.intake.remote import Remote, listed

    if dask and not all(isinstance(source, Path | Remote) for source in sources):
        raise _Plain("Kluster Dask tidak membaca kotak surat; rekap tanpa --dask.")
    return [listed(source) if isinstance(source, Remote) else source for source in sources]


@contextmanager
def _elsewhere(dask: str | None, sources: Sequence[Source], workers: int) -> Iterator[Each | None]:
    """What looks at the files in place of this process: the cluster, or other processes where files are far away."""
    far = [source.origin for source in sources if not isinstance(source, Path)]
    if dask is None:
        from kemitraan_xl.intake.pool import here

        yield here(workers) if far else None
        return
    from kemitraan_xl.intake.cluster import cluster

    near = [str(source.absolute()) for source in sources if isinstance(source, Path)]
    with cluster(dask, [*near, *far]) as elsewhere:
        yield elsewhere


def _writable(target: Path, master: Path | None) -> None:
    """Refuse before any work what could not be written after it."""
    if target.suffix.lower() != ".xlsx":
        raise _Plain("Nama rekap harus berakhiran .xlsx.")
    if master is not None and target.resolve() == master.resolve():
        raise _Plain("Rekap tidak boleh menimpa induk; pilih nama lain.")
    if not target.resolve().parent.is_dir():
        raise _Plain(f"Folder {target.resolve().parent} tidak ada.")
    if open_in_excel(target):
        raise _Plain(f"{target.name} sedang dibuka di Excel; tutup dahulu.")
    if target.is_dir() or not os.access(target if target.exists() else target.resolve().parent, os.W_OK):
        raise _Plain(f"{target} tidak dapat ditulis.")


def _returnable(back: Path, target: Path, preview: bool) -> None:
    """Refuse before any work a folder that nothing can be returned to."""
    if preview:
        raise _Plain("--kembalikan menulis berkas; jangan dipakai bersama --pratinjau.")
    standing = next(path for path in (back.resolve(), *back.resolve().parents) if path.exists())
    if not standing.is_dir() or back.resolve() == target.resolve():
        raise _Plain(f"{back} bukan folder.")
    if not os.access(standing, os.W_OK | os.X_OK):
        raise _Plain(f"Folder {back} tidak dapat ditulis.")


def _archivable(parquet: Path, preview: bool, others: Sequence[Path | None]) -> frozenset[Path]:
    """Refuse before any work a folder that no archive can be put into; gives what is not read, then."""
    from importlib.util import find_spec

    from kemitraan_xl.archive.folder import own_places, ready

    if find_spec("duckdb") is None:
        raise _Plain('--parquet memerlukan paket DuckDB; pasang dahulu dengan: py -m pip install ".[parquet]"')
    if preview:
        raise _Plain("--parquet menulis berkas; jangan dipakai bersama --pratinjau.")
    if any(other.resolve().is_relative_to(parquet.resolve()) for other in others if other):
        raise _Plain(f"{parquet} hanya untuk arsip; rekap, induk, dan balasan tidak boleh di dalamnya.")
    ready(parquet)
    return own_places(parquet)


@contextmanager
def _archived(recap: Recap, parquet: Path | None, by: Sequence[str]) -> Iterator[list[str]]:
    """The archive, put in place when the block ends well; gives the line about it."""
    if parquet is None:
        yield []
        return
    from kemitraan_xl.archive.write import archived

    with archived(recap, parquet, by) as rows:
        yield [f"Arsip: {parquet} ({rows} baris)"]


def _sent_back(recap: Recap, back: Path) -> list[str]:
    from kemitraan_xl.reply import write_replies

    made = write_replies(recap, back)
    books = sum(path.suffix == ".xlsx" for path in made)
    return [f"Untuk mitra: {back} ({books} buku kerja bertanda, {len(made) - books} surel)"]


def _own(target: Path, back: Path | None, sources: Sequence[Source]) -> frozenset[Path]:
    """What this command writes and therefore does not read, unless the user names it as a source."""
    paths = [source.resolve() for source in sources if isinstance(source, Path)]
    within = any(path.is_relative_to(back.resolve()) for path in paths) if back else True
    return own_files(target) if within or back is None else own_files(target) | {back}


def _code(recap: Recap) -> int:
    return 1 if recap.errors else 0


def _echo_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _echo_lines(lines: Any) -> None:
    for line in lines:
        click.echo(line)


@contextmanager
def _working(senyap: bool, verb: str = "Membaca", what: str = "berkas") -> Iterator[tuple[Any, Any]]:
    """A progress bar on a terminal, plain lines otherwise, nothing with --senyap; all on stderr."""
    if senyap:
        yield _nothing, _nothing
    elif sys.stderr.isatty():
        with _bar(f"{verb} {what}") as callbacks:
            yield callbacks
    else:
        yield (lambda total: click.echo(f"{verb} {total} {what} ...", err=True)), _nothing


def _nothing(count: int) -> None:
    """Progress for whoever shows none."""


@contextmanager
def _bar(label: str) -> Iterator[tuple[Any, Any]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield (lambda total: bar.update(task, total=total)), (lambda done: bar.advance(task, done))
