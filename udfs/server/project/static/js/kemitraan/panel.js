// The task pane: access code, one button for each macro, progress, result, and the same macros for the ribbon.
import { hasSheet, openSheet, runInBook } from "./buku.js";
import { chosen, setUp } from "./kiriman.js";
import { ask, CUT_OFF, forget, look, send, ServerError, theTask } from "./server.js";
import { listen } from "./tombol.js";

const POLL = 500;
const HELD = ["folder", "berkas", "kosongkan"]; // nothing is chosen anew while a macro works
const FINDINGS = "Temuan";
const READING = "Membaca buku kerja ...";
const UNEXPECTED = "Excel tidak dapat menjalankan perintah ini; isi buku tidak diubah. Tutup sel yang sedang diedit, lalu ulangi.";

const byId = (id) => document.getElementById(id);
const macros = new Map(JSON.parse(byId("makro").textContent).map((macro) => [macro.nama, macro]));
let running = null;

async function run(name) {
  const macro = macros.get(name);
  if (running) {
    byId("lama").textContent = `Masih mengerjakan ${running.label}; tunggu sampai selesai.`;
    return;
  }
  if (!globalThis.kodeAkses.get()) return askForCode("");
  if (macro.masuk && !chosen().length) {
    show(macro, "Pilih dulu folder kiriman mitra pada bagian Kiriman mitra, lalu tekan tombol ini sekali lagi.", "galat", "no-files");
    byId("folder").focus();
    return;
  }
  start(macro);
  const ticking = heartbeat();
  try {
    const task = await theTask();
    if (macro.masuk) await send(chosen(), (done, all) => progress(`Mengunggah berkas ${done} dari ${all}`, done / all));
    ticking.poll();
    progress(READING);
    const sheet = await runInBook(macro, task);
    await finish(macro, await look(), sheet);
  } catch (error) {
    fail(macro, error);
  } finally {
    ticking.stop();
    stop();
  }
}

function start(macro) {
  running = macro;
  for (const button of document.querySelectorAll("[data-makro]")) button.setAttribute("aria-disabled", "true");
  for (const id of HELD) byId(id).disabled = true;
  show(macro, READING, "");
  byId("kemajuan").hidden = false;
  byId("kemajuan").removeAttribute("value");
  byId("lama").hidden = false;
  byId("lama").textContent = "";
  byId("keadaan").scrollIntoView?.({ block: "nearest" });
}

function stop() {
  running = null;
  for (const button of document.querySelectorAll("[data-makro]")) button.removeAttribute("aria-disabled");
  for (const id of HELD) byId(id).disabled = false;
  byId("kemajuan").hidden = true;
  byId("lama").hidden = true;
}

// Every half second: how long it has been going, and, once the macro is at work, how far it is.
function heartbeat() {
  const begun = Date.now();
  let polling = false;
  let asking = false;
  const timer = setInterval(async () => {
    byId("lama").textContent = `Berjalan ${Math.round((Date.now() - begun) / 1000)} detik.`;
    if (!polling || asking) return;
    asking = true;
    try {
      const { keadaan, kemajuan } = await look();
      if (running && keadaan === "berjalan") progress(kemajuan);
      else if (running && keadaan === "selesai") progress("Menulis ke buku kerja ...");
    } catch {
      // The request of the macro itself tells what is wrong.
    }
    asking = false;
  }, POLL);
  return { poll: () => (polling = true), stop: () => clearInterval(timer) };
}

function progress(text, part) {
  byId("keadaan-teks").textContent = text;
  const [, done, all] = text.match(/(\d+) dari (\d+)/) || [];
  const value = part ?? (all ? done / all : undefined);
  if (value === undefined) byId("kemajuan").removeAttribute("value");
  else byId("kemajuan").value = value;
}

function show(macro, sentence, kind, reason = "") {
  const box = byId("keadaan");
  box.hidden = false;
  box.className = `kartu ${kind}`;
  box.dataset.reason = reason;
  byId("keadaan-judul").textContent = macro.label;
  byId("keadaan-teks").textContent = sentence;
  for (const id of ["tautan", "hasil", "unduh"]) byId(id).hidden = true;
}

async function finish(macro, told, sheet) {
  show(macro, told.kalimat, "berhasil");
  const names = new Set([sheet]);
  if (await hasSheet(FINDINGS)) names.add(FINDINGS);
  byId("tautan").replaceChildren(...[...names].map(link));
  byId("tautan").hidden = false;
  byId("hasil").replaceChildren(...told.hasil.map((name) => Object.assign(document.createElement("li"), { textContent: name })));
  byId("hasil").hidden = !told.hasil.length;
  byId("unduh").hidden = !told.unduhan;
  byId("unduh").href = told.unduhan || "#";
  byId("keadaan").focus();
}

function link(name) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: `Buka lembar ${name}` });
  button.addEventListener("click", () => openSheet(name));
  return button;
}

function fail(macro, error) {
  if (error.reason === 401) return askForCode(error.message);
  if (error instanceof ServerError) show(macro, error.message, "galat", error.reason);
  else show(macro, UNEXPECTED, "galat", error?.code || error?.name || "error"); // Excel's own code, for who helps
  byId("keadaan").focus();
}

function askForCode(complaint) {
  byId("masuk").hidden = false;
  byId("isi").hidden = true;
  byId("masuk-galat").textContent = complaint;
  byId("kode").value = "";
  byId("kode").focus();
}

async function enter() {
  try {
    await ask("GET", "/kemitraan/masuk");
    byId("masuk").hidden = true;
    byId("isi").hidden = false;
    return true;
  } catch (error) {
    askForCode(error.reason === 401 ? error.message : CUT_OFF);
    return false;
  }
}

byId("masuk").addEventListener("submit", async (event) => {
  event.preventDefault();
  globalThis.kodeAkses.set(byId("kode").value.trim());
  if (await enter()) byId("folder").focus();
});
byId("ganti-kode").addEventListener("click", () => !running && askForCode(""));
for (const button of document.querySelectorAll("[data-makro]")) {
  button.addEventListener("click", () => run(button.dataset.makro));
}
setUp(forget, () => running !== null);
if (globalThis.kodeAkses.get()) enter();
else askForCode("");

// The same from outside the pane: show it, so that progress and result are seen.
async function press(name) {
  await Office.addin.showAsTaskpane();
  await run(name);
}

Office.onReady(() => {
  listen([...macros.keys()], press);
  for (const name of macros.keys()) {
    Office.actions.associate(name, async (event) => {
      try {
        await press(name);
      } finally {
        event.completed(); // else Excel waits for this button for ever
      }
    });
  }
});
