// Saves workbooks once more with SheetJS or Excelize: a JSON list of [from, to, program] on standard input.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

let started; // two seconds
const excelize = () =>
  (started ??= require("excelize-wasm").init(
    require.resolve("excelize-wasm").replace("main.cjs", "excelize.wasm.gz"),
  ));

const format = (to) => to.slice(to.lastIndexOf(".") + 1);
const text = { FS: ";", sheet: "Rencana Kerja" }; // of .csv, which has one sheet

const saved = {
  sheetjs: async (bytes, to) => {
    const XLSX = require("xlsx");
    const book = XLSX.read(bytes, { cellDates: true, cellNF: true, cellStyles: true });
    return XLSX.write(book, { type: "buffer", bookType: format(to), compression: true, ...text });
  },
  excelize: async (bytes) => {
    const file = (await excelize()).OpenReader(new Uint8Array(bytes));
    if (file.error) throw new Error(file.error);
    const { buffer, error } = file.WriteToBuffer();
    if (error) throw new Error(error);
    return buffer;
  },
};

for (const [from, to, program] of JSON.parse(readFileSync(0, "utf-8"))) {
  writeFileSync(to, await saved[program](readFileSync(from), to));
}
process.exit(0);
