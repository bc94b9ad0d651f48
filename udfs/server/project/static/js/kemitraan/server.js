// Everything the pane asks the server. An answer that is no success becomes an error whose message is the server's
// sentence. `reason` is the status of the answer, 0 when none came at all, or what Excel would not do.

export const CUT_OFF =
  "Sambungan ke server terputus; isi buku tidak diubah. Pastikan server Kemitraan berjalan, lalu tekan tombolnya sekali lagi.";

export class ServerError extends Error {
  constructor(sentence, reason) {
    super(sentence);
    this.reason = reason;
  }
}

// XMLHttpRequest, because fetch ends after a minute in Excel for Mac, and a consolidation may take longer.
export function ask(method, path, { json, body, timeout = 60_000 } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    request.timeout = timeout;
    request.setRequestHeader("Authorization", globalThis.kodeAkses.get());
    if (json !== undefined) request.setRequestHeader("Content-Type", "application/json");
    request.onload = () => {
      const text = request.responseText;
      if (request.status < 200 || request.status > 299) return reject(new ServerError(text || CUT_OFF, request.status));
      resolve(text && (request.getResponseHeader("Content-Type") || "").includes("json") ? JSON.parse(text) : text);
    };
    request.onerror = request.ontimeout = request.onabort = () => reject(new ServerError(CUT_OFF, 0));
    request.send(json !== undefined ? JSON.stringify(json) : (body ?? null));
  });
}

// One task for as long as this pane is open; a new one when the server has forgotten it.
const session = crypto.getRandomValues(new Uint32Array(4)).join("-");
let task = null;
const sent = new Set();

export async function theTask() {
  if (task) {
    try {
      await look();
      return task;
    } catch (error) {
      if (error.reason !== 410) throw error;
    }
  }
  task = (await ask("POST", "/kemitraan/tugas", { json: { sesi: session } })).tugas;
  sent.clear();
  return task;
}

export const look = () => ask("GET", `/kemitraan/tugas/${task}`);

export async function forget() {
  const old = task;
  task = null;
  sent.clear();
  if (old) await ask("DELETE", `/kemitraan/tugas/${old}`).catch(() => {});
}

// Sends what the task does not have yet, four files at a time. `files` are pairs of path and File.
export async function send(files, told) {
  const waiting = files.filter(([path]) => !sent.has(path));
  let done = files.length - waiting.length;
  told(done, files.length);
  async function sender() {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [path, file] = next;
      const place = path.split("/").map(encodeURIComponent).join("/");
      await ask("PUT", `/kemitraan/tugas/${task}/berkas/${place}`, { body: await content(path, file), timeout: 600_000 });
      sent.add(path);
      told((done += 1), files.length);
    }
  }
  await Promise.all([sender(), sender(), sender(), sender()]);
}

async function content(path, file) {
  try {
    return await file.arrayBuffer();
  } catch {
    throw new ServerError(`Berkas ${path} berubah atau tidak dapat dibaca lagi. Pilih folder kiriman sekali lagi.`, "changed");
  }
}
