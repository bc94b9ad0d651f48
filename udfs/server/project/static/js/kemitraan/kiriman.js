// The folder of files that partners sent: chosen or dragged here, listed, and sent to the server when a macro needs it.
const byId = (id) => document.getElementById(id);
const files = new Map(); // path inside the folder -> File

export const chosen = () => [...files];

export function setUp(changed, busy) {
  const tell = () => {
    const bytes = chosen().reduce((sum, [, file]) => sum + file.size, 0);
    const size = (bytes / 1e6).toLocaleString("id-ID", { maximumFractionDigits: 1 });
    byId("kiriman-teks").textContent = files.size
      ? `${files.size.toLocaleString("id-ID")} berkas dipilih (${size} MB).`
      : "Belum ada kiriman yang dipilih.";
    byId("kosongkan").hidden = !files.size;
    changed();
  };
  const take = (entries) => {
    if (busy()) return;
    files.clear();
    for (const [path, file] of withoutTop(entries)) files.set(path, file);
    tell();
  };
  for (const id of ["folder", "berkas"]) {
    byId(id).addEventListener("change", ({ target }) => {
      take([...target.files].map((file) => [file.webkitRelativePath || file.name, file]));
      target.value = ""; // so that the same folder can be chosen again
    });
  }
  byId("kosongkan").addEventListener("click", () => {
    files.clear();
    tell();
    byId("folder").focus();
  });
  const zone = byId("jatuhkan");
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("di-atas");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("di-atas"));
  zone.addEventListener("drop", async (event) => {
    event.preventDefault();
    zone.classList.remove("di-atas");
    take(await dropped(event.dataTransfer));
  });
}

// On the desktop a macro is given the chosen folder itself; so its name is no part of the paths here either.
function withoutTop(entries) {
  const tops = new Set(entries.map(([path]) => (path.includes("/") ? path.split("/")[0] : "")));
  return tops.size === 1 && !tops.has("") ? entries.map(([path, file]) => [path.slice(path.indexOf("/") + 1), file]) : entries;
}

async function dropped(data) {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...data.files].map((file) => [file.name, file]);
  return (await Promise.all(entries.map((entry) => below(entry, "")))).flat();
}

async function below(entry, folder) {
  const path = folder + entry.name;
  if (entry.isFile) return [[path, await new Promise((resolve, reject) => entry.file(resolve, reject))]];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    // A reader hands over some hundred entries at a time, and none at the end.
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    for (const one of some) found.push(...(await below(one, `${path}/`)));
  }
}
