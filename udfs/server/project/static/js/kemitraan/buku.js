// A macro on the open workbook: its values go to the server, the changes that come back are made in Excel. Excel knows
// no undo for this, so what can be refused is refused before the first change, and what failed half-way is put back.
import { ask, ServerError } from "./server.js";

// Excel in the browser takes no request beyond five million bytes.
const CELLS_AT_ONCE = 20_000;
const WRITES = new Set(["setValues", "setFormula", "rangeClearContents", "copyRange"]);

const LOCKED = (sheet) =>
  `Lembar ${sheet} terkunci, sehingga isi buku tidak diubah. Buka kuncinya (Tinjau > Buka Proteksi Lembar), lalu ulangi.`;
const LOCKED_BOOK =
  "Susunan lembar buku ini terkunci, sehingga isi buku tidak diubah. Buka kuncinya (Tinjau > Proteksi Buku Kerja), lalu ulangi.";
const REFUSED =
  "Excel menolak perubahan ini; isi buku sudah dikembalikan seperti semula. Periksa apakah buku hanya-baca atau sedang diedit, lalu ulangi.";
const NOT_PUT_BACK =
  "Excel menolak perubahan ini dan isi buku tidak dapat dikembalikan sepenuhnya. Tutup buku tanpa menyimpan, lalu buka lagi.";

// Runs the macro and returns the name of the sheet it ended on.
export function runInBook(macro, task) {
  return Excel.run(async (context) => {
    const asked = { auth: globalThis.kodeAkses.get(), include: macro.lembar.join(",") };
    const payload = await xlwings.getBookData(asked, context);
    const path = `/xlwings/custom-scripts-call/${macro.nama}`;
    const answer = await ask("POST", path, { json: { ...payload, args: [task] }, timeout: 3_600_000 });
    await change(context, answer.actions.flatMap(inPieces));
    const active = context.workbook.worksheets.getActiveWorksheet().load("name");
    await context.sync();
    return active.name;
  });
}

export function openSheet(name) {
  return Excel.run(async (context) => {
    const sheet = context.workbook.worksheets.getItemOrNullObject(name);
    await context.sync();
    if (sheet.isNullObject) return false;
    sheet.activate();
    await context.sync();
    return true;
  });
}

export function hasSheet(name) {
  return Excel.run(async (context) => {
    const sheet = context.workbook.worksheets.getItemOrNullObject(name);
    await context.sync();
    return !sheet.isNullObject;
  });
}

async function change(context, actions) {
  const sheets = context.workbook.worksheets.load("items/name");
  await context.sync();
  const known = sheets.items.length;
  const ranges = actions.map((action) => target(sheets.items, action)).filter(Boolean);
  await refuseLocked(context, actions, ranges);
  const before = await remember(context, ranges);
  try {
    await xlwings.runActions({ actions }, context);
  } catch (error) {
    console.error(error.code || error.name);
    await putBack(context, before, known);
    throw new ServerError(REFUSED, "refused");
  }
}

// The cells that an action changes; none on a sheet that an earlier action adds.
function target(sheets, action) {
  const copies = action.func === "copyRange";
  const sheet = sheets[copies ? action.args[0] : action.sheet_position];
  if (!sheet || !action.row_count) return null;
  const { start_row: row, start_column: column, row_count: rows, column_count: columns } = action;
  const range = copies ? sheet.getRange(action.args[1]) : sheet.getRangeByIndexes(row, column, rows, columns);
  return { action, sheet, range };
}

// Looks before anything is changed whether a locked cell or a locked structure is in the way.
async function refuseLocked(context, actions, ranges) {
  const writes = ranges.filter(({ action }) => WRITES.has(action.func));
  for (const { sheet, range } of writes) {
    sheet.protection.load("protected");
    range.format.protection.load("locked");
  }
  const structure = context.workbook.protection.load("protected");
  await context.sync();
  // `locked` is null where only some of the cells are.
  const shut = writes.find(({ sheet, range }) => sheet.protection.protected && range.format.protection.locked !== false);
  if (shut) throw new ServerError(LOCKED(shut.sheet.name), "locked");
  if (structure.protected && actions.some((action) => action.func === "addSheet")) throw new ServerError(LOCKED_BOOK, "locked");
}

// What the cells to be changed hold now, block by block: see CELLS_AT_ONCE.
async function remember(context, ranges) {
  const kept = [];
  for (const { action, range } of ranges) {
    const writes = WRITES.has(action.func);
    if (!writes && action.func !== "setNumberFormat") continue;
    range.load(writes ? "formulas,values,numberFormat" : "numberFormat");
    await context.sync();
    const { numberFormat } = range;
    const formulas = writes && range.formulas;
    const typed = writes && formulas.map((row, i) => row.map((cell, j) => again(cell, range.values[i][j], numberFormat[i][j])));
    kept.push({ range, numberFormat, formulas, typed });
  }
  return kept;
}

// A cell as it has to be typed once more: a text that looks like a number or a formula begins with Excel's sign for text.
function again(formula, value, format) {
  if (typeof value !== "string" || value === "" || format === "@") return formula;
  return typeof formula === "string" && formula.startsWith("=") && formula !== value ? formula : `'${value}`;
}

// Every block for itself: the one that Excel refused was never changed, and may be refused again.
async function putBack(context, kept, known) {
  for (const { range, numberFormat, typed } of [...kept].reverse()) {
    try {
      range.numberFormat = numberFormat;
      if (typed) range.formulas = typed;
      await context.sync();
    } catch {
      // Seen below.
    }
  }
  try {
    const sheets = context.workbook.worksheets.load("items/name");
    await context.sync();
    sheets.items.slice(known).forEach((sheet) => sheet.delete()); // a macro adds sheets at the end
    for (const { range, formulas } of kept.filter((one) => one.formulas)) {
      range.load("formulas");
      await context.sync();
      if (JSON.stringify(range.formulas) !== JSON.stringify(formulas)) throw new Error("not as before");
    }
  } catch {
    throw new ServerError(NOT_PUT_BACK, "not-put-back");
  }
}

// A block too large for one request to Excel, as several.
function inPieces(action) {
  const rows = Math.max(1, Math.floor(CELLS_AT_ONCE / (action.column_count || 1)));
  if (!Array.isArray(action.values) || action.row_count <= rows) return [action];
  return Array.from({ length: Math.ceil(action.row_count / rows) }, (_, piece) => {
    const values = action.values.slice(piece * rows, (piece + 1) * rows);
    return { ...action, values, start_row: action.start_row + piece * rows, row_count: values.length };
  });
}
