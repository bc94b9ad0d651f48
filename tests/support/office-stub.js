// A stand-in for office.js: so much of Excel as the task pane uses, on a workbook given as JSON in window.__buku.
//
// It keeps Excel's discipline. What happens between two sync() is queued; a property that was not loaded and synced
// cannot be read; a failing step drops the rest of its queue; a locked cell of a protected sheet cannot be written.
// It does not calculate, and it proves nothing about Excel itself.
//
// __buku: {name, active, selection, structure, names: [{name, formula}],
//          sheets: [{name, visibility, protection: null | {format: true}, open: [[0, 3]], cells: {"A1": {v, f, nf, open}}}]}
// `open` marks cells that may be written while their sheet is protected; of a sheet, the columns (from, to) whose
// cells are so unless they say otherwise.
(() => {
  const book = window.__buku;
  const host = (window.__kantor = {
    book, syncs: 0, actions: {}, functions: {}, listeners: [], shown: 0, refuse: null, editing: false,
  });

  class OfficeError extends Error {
    constructor(code, message) {
      super(message || code);
      this.code = code;
      this.name = "RichApi.Error";
    }
  }

  // ---- addresses ----
  const letters = (n) => (n < 26 ? "" : letters(Math.floor(n / 26) - 1)) + String.fromCharCode(65 + (n % 26));
  const number = (text) => [...text].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  function area(address) {
    const match = /^([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?$/.exec(address.split("!").pop().replaceAll("$", ""));
    if (!match) throw new OfficeError("InvalidArgument", address);
    const [, c1, r1, c2 = c1, r2 = r1] = match;
    return { row: r1 - 1, column: number(c1), rows: r2 - r1 + 1, columns: number(c2) - number(c1) + 1 };
  }
  const cellName = (row, column) => `${letters(column)}${row + 1}`;
  function areaName({ row, column, rows, columns }) {
    const first = cellName(row, column);
    return rows * columns === 1 ? first : `${first}:${cellName(row + rows - 1, column + columns - 1)}`;
  }

  // ---- objects of Excel, known here only by what was loaded ----
  const NOTHING = Symbol("null object");
  const list = (what) => (what === undefined ? [] : Array.isArray(what) ? what : what.split(",").map((one) => one.trim()));

  class Remote {
    static scalars = {};
    constructor(context, find, optional = false) {
      Object.assign(this, { context, find, held: new Map(), optional });
      if (optional) context.queue.push(() => this.held.set("isNullObject", find() === NOTHING));
    }
    get isNullObject() {
      if (!this.optional) return false;
      if (!this.held.has("isNullObject")) throw new OfficeError("PropertyNotLoaded", "isNullObject before sync()");
      return this.held.get("isNullObject");
    }
    load(what) {
      this.context.queue.push(() => this.fill(list(what)));
      return this;
    }
    fill(paths) {
      const model = this.find();
      if (model === NOTHING) {
        if (!this.optional) throw new OfficeError("ItemNotFound");
        return;
      }
      const scalars = this.constructor.scalars;
      for (const path of paths.length ? paths : Object.keys(scalars)) {
        const [first, ...rest] = path.split("/");
        if (first in scalars) this.held.set(first, structuredClone(scalars[first].get(model)));
        else if (this[first] instanceof Remote) this[first].fill(rest.length ? [rest.join("/")] : []);
        else throw new OfficeError("InvalidArgument", `${this.constructor.name}.${path}`);
      }
    }
    later(step) {
      this.context.queue.push(() => step(this.find()));
    }
    child(name, make) {
      const known = (this.children ??= {});
      return (known[name] ??= make());
    }
  }

  function define(kind, scalars) {
    kind.scalars = scalars;
    for (const [name, { set }] of Object.entries(scalars)) {
      Object.defineProperty(kind.prototype, name, {
        get() {
          if (this.held.has(name)) return this.held.get(name);
          if (this.optional && this.held.get("isNullObject")) return null;
          throw new OfficeError("PropertyNotLoaded", `${kind.name}.${name} was read before load() and sync()`);
        },
        set(value) {
          if (!set) throw new OfficeError("InvalidOperation", `${kind.name}.${name} is read-only`);
          this.later((model) => set(model, structuredClone(value)));
          this.held.set(name, value);
        },
      });
    }
    return kind;
  }

  class Collection extends Remote {
    constructor(context, kind, models) {
      super(context, models);
      this.kind = kind;
    }
    get items() {
      if (!this.held.has("items")) throw new OfficeError("PropertyNotLoaded", "items before load() and sync()");
      return this.held.get("items");
    }
    fill(paths) {
      const items = this.find().map((model) => new this.kind(this.context, () => model));
      const inner = paths.filter((path) => path !== "items").map((path) => path.replace(/^items\//, ""));
      for (const item of items) item.fill(inner);
      this.held.set("items", items);
    }
    byName(name, optional) {
      return new this.kind(this.context, () => this.find().find((one) => one.name === name) ?? NOTHING, optional);
    }
    getItem(name) {
      return this.byName(name, false);
    }
    getItemOrNullObject(name) {
      return this.byName(name, true);
    }
  }

  // ---- cells ----
  function at(sheet, row, column) {
    const cell = sheet.cells[cellName(row, column)] ?? {};
    if (cell.open !== undefined || !sheet.open?.some(([from, to]) => from <= column && column <= to)) return cell;
    return { ...cell, open: true };
  }
  const grid = (of, value) =>
    Array.from({ length: of.rows }, (_, i) =>
      Array.from({ length: of.columns }, (_, j) => value(at(of.sheet, of.row + i, of.column + j))));

  function change(of, write, allowed = (cell) => cell.open) {
    const place = `${of.sheet.name}!${areaName(of)}`;
    if (host.refuse?.(place)) throw new OfficeError("GeneralException", place);
    for (const touch of [false, true]) {
      for (let i = 0; i < of.rows; i += 1) {
        for (let j = 0; j < of.columns; j += 1) {
          const [row, column] = [of.row + i, of.column + j];
          if (touch) write((of.sheet.cells[cellName(row, column)] ??= {}), i, j);
          else if (of.sheet.protection && !allowed(at(of.sheet, row, column))) throw new OfficeError("AccessDenied", `${place} is locked`);
        }
      }
    }
  }

  const ISO = /^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?$/;
  function enter(cell, value) {
    if (value === null) return;
    delete cell.f;
    const text = typeof value === "string" && cell.nf !== "@";
    if (value === "") delete cell.v;
    else if (typeof value === "string" && value.startsWith("'")) cell.v = value.slice(1);
    else if (text && value.startsWith("=")) Object.assign(cell, { f: value, v: 0 });
    else if (text && ISO.test(value)) {
      cell.v = Date.parse(`${value.replace(" ", "T")}${value.length > 10 ? "Z" : ""}`) / 864e5 + 25569;
      if (!cell.nf || cell.nf === "General") cell.nf = "yyyy-mm-dd";
    } else cell.v = value;
  }
  function fit(of, values) {
    if (!Array.isArray(values)) return grid(of, () => values);
    if (values.length !== of.rows || values.some((row) => row.length !== of.columns)) {
      throw new OfficeError("InvalidArgument", "the size of the values is not that of the range");
    }
    return values;
  }

  class Protection extends Remote {}
  define(Protection, {
    locked: {
      get: (of) => {
        const states = new Set(grid(of, (cell) => !cell.open).flat());
        return states.size === 1 ? [...states][0] : null;
      },
    },
  });

  // How cells look, kept only so that a test can see it was asked for.
  class Look extends Remote {}
  define(Look, Object.fromEntries(["bold", "italic", "size", "color", "name"].map((name) => [name, {
    get: (of) => at(of.sheet, of.row, of.column).look?.[name] ?? null,
    set: (of, value) => change(of, (cell) => ((cell.look ??= {})[name] = value), () => of.sheet.protection.format),
  }])));

  class Format extends Remote {
    get font() {
      return this.child("font", () => new Look(this.context, this.find));
    }
    get fill() {
      return this.child("fill", () => new Look(this.context, this.find));
    }
    get protection() {
      return this.child("protection", () => new Protection(this.context, this.find));
    }
    autofitColumns() {}
    autofitRows() {}
  }
  define(Format, { columnWidth: { get: () => 48, set: () => {} }, wrapText: { get: () => false, set: () => {} } });

  class Range extends Remote {
    get format() {
      return this.child("format", () => new Format(this.context, this.find));
    }
    get worksheet() {
      return this.child("worksheet", () => new Sheet(this.context, () => this.find().sheet));
    }
    part(make) {
      return new Range(this.context, () => make(this.find()));
    }
    getSurroundingRegion() {
      return this.part((of) => of);
    }
    getLastCell() {
      return this.part((of) => ({ ...of, row: of.row + of.rows - 1, column: of.column + of.columns - 1, rows: 1, columns: 1 }));
    }
    getOffsetRange(rows, columns) {
      return this.part((of) => ({ ...of, row: of.row + rows, column: of.column + columns }));
    }
    select() {
      this.later((of) => {
        host.choose(of.sheet.name, areaName(of));
      });
    }
    clear(what = "All") {
      this.later((of) => change(of, (cell) => {
        if (what !== "Formats") delete cell.v, delete cell.f;
        if (what !== "Contents") delete cell.nf;
      }));
    }
    copyFrom(source) {
      this.later((of) => {
        const from = source.find();
        const cells = grid(from, (cell) => structuredClone(cell));
        const to = { ...of, rows: Math.max(of.rows, from.rows), columns: Math.max(of.columns, from.columns) };
        change(to, (cell, i, j) => Object.assign(cell, cells[i % from.rows][j % from.columns]));
      });
    }
  }
  define(Range, {
    address: { get: (of) => `${of.sheet.name}!${areaName(of)}` },
    rowCount: { get: (of) => of.rows },
    columnCount: { get: (of) => of.columns },
    values: {
      get: (of) => grid(of, (cell) => cell.v ?? ""),
      set: (of, values) => {
        const rows = fit(of, values);
        change(of, (cell, i, j) => enter(cell, rows[i][j]));
      },
    },
    formulas: {
      get: (of) => grid(of, (cell) => cell.f ?? cell.v ?? ""),
      set: (of, values) => {
        const rows = fit(of, values);
        change(of, (cell, i, j) => enter(cell, rows[i][j]));
      },
    },
    numberFormat: {
      get: (of) => grid(of, (cell) => cell.nf ?? "General"),
      set: (of, formats) => {
        const one = formats.length * formats[0].length === 1 ? formats[0][0] : null;
        change(of, (cell, i, j) => (cell.nf = one ?? formats[i][j]), () => of.sheet.protection.format);
      },
    },
  });

  // ---- sheets ----
  class Shut extends Remote {}
  define(Shut, { protected: { get: (state) => Boolean(state.shut) } });
  class Nothing extends Remote {}
  const nothing = (context) => new Nothing(context, () => NOTHING, true);
  class Thing extends Remote {}
  define(Thing, { name: { get: (thing) => thing.name } });

  class Name extends Remote {
    getRangeOrNullObject() {
      return new Range(this.context, () => {
        const model = this.find();
        if (model === NOTHING) return NOTHING;
        const [sheetName, address] = model.formula.slice(1).split("!");
        const sheet = book.sheets.find((one) => one.name === sheetName.replaceAll("'", ""));
        return sheet && /^\$?[A-Z]+\$?\d+(:\$?[A-Z]+\$?\d+)?$/.test(address ?? "") ? { sheet, ...area(address) } : NOTHING;
      }, true);
    }
  }
  define(Name, { name: { get: (n) => n.name }, type: { get: () => "Range" }, formula: { get: (n) => n.formula } });

  class Sheet extends Remote {
    get protection() {
      return this.child("protection", () => new Shut(this.context, () => ({ shut: this.find().protection })));
    }
    get names() {
      return this.child("names", () => new Collection(this.context, Name, () => []));
    }
    get onSelectionChanged() {
      return { add: (handler) => this.later((sheet) => host.listeners.push({ sheet, handler })) };
    }
    get pageLayout() {
      return { getPrintAreaOrNullObject: () => nothing(this.context) };
    }
    things() {
      return new Collection(this.context, Thing, () => []);
    }
    get tables() {
      return this.child("tables", () => this.things());
    }
    get shapes() {
      return this.child("shapes", () => this.things());
    }
    get charts() {
      return this.child("charts", () => this.things());
    }
    get pivotTables() {
      return this.child("pivotTables", () => this.things());
    }
    range(where, optional) {
      return new Range(this.context, () => {
        const sheet = this.find();
        const found = where(sheet);
        return found === NOTHING ? found : { sheet, ...found };
      }, optional);
    }
    getRange(address) {
      return this.range(() => area(address));
    }
    getRangeByIndexes(row, column, rows, columns) {
      return this.range(() => ({ row, column, rows, columns }));
    }
    getUsedRangeOrNullObject() {
      return this.range((sheet) => {
        const filled = Object.entries(sheet.cells).filter(([, cell]) => cell.v !== undefined || cell.f).map(([name]) => area(name));
        if (!filled.length) return NOTHING;
        const row = Math.min(...filled.map((one) => one.row));
        const column = Math.min(...filled.map((one) => one.column));
        const rows = Math.max(...filled.map((one) => one.row)) - row + 1;
        return { row, column, rows, columns: Math.max(...filled.map((one) => one.column)) - column + 1 };
      }, true);
    }
    activate() {
      this.later((sheet) => (book.active = book.sheets.indexOf(sheet)));
    }
    delete() {
      this.later((sheet) => {
        book.sheets.splice(book.sheets.indexOf(sheet), 1);
        book.active = Math.min(book.active, book.sheets.length - 1);
      });
    }
  }
  define(Sheet, {
    name: { get: (sheet) => sheet.name, set: (sheet, name) => (sheet.name = name) },
    visibility: { get: (sheet) => sheet.visibility ?? "Visible", set: (sheet, state) => (sheet.visibility = state) },
    showGridlines: { get: () => true, set: () => {} },
    position: {
      get: (sheet) => book.sheets.indexOf(sheet),
      set: (sheet, place) => {
        book.sheets.splice(book.sheets.indexOf(sheet), 1);
        book.sheets.splice(place, 0, sheet);
      },
    },
  });

  class Sheets extends Collection {
    constructor(context) {
      super(context, Sheet, () => book.sheets);
      this.onCalculated = { add: () => {} };
    }
    getActiveWorksheet() {
      return new Sheet(this.context, () => book.sheets[book.active]);
    }
    add(name) {
      const made = { name: name ?? `Sheet${book.sheets.length + 1}`, cells: {} };
      this.context.queue.push(() => {
        if (book.structure) throw new OfficeError("AccessDenied", "the structure is protected");
        if (book.sheets.some((sheet) => sheet.name === made.name)) throw new OfficeError("ItemAlreadyExists", made.name);
        book.sheets.push(made);
      });
      return new Sheet(this.context, () => made);
    }
  }

  class Application extends Remote {}
  define(Application, { calculationMode: { get: () => "Automatic" } });
  class Culture extends Remote {
    get datetimeFormat() {
      return this.child("datetimeFormat", () => new Dates(this.context, () => ({})));
    }
  }
  define(Culture, { name: { get: () => "id-ID" } });
  class Dates extends Remote {}
  define(Dates, { shortDatePattern: { get: () => "dd/MM/yyyy" } });

  class Workbook extends Remote {
    constructor(context) {
      super(context, () => book);
      this.application = new Application(context, () => ({}));
      this.names = new Collection(context, Name, () => book.names ?? []);
      this.protection = new Shut(context, () => ({ shut: book.structure }));
    }
    get worksheets() {
      return new Sheets(this.context);
    }
    getSelectedRange() {
      return new Range(this.context, () => ({ sheet: book.sheets[book.active], ...area(book.selection ?? "A1") }));
    }
  }
  define(Workbook, { name: { get: () => book.name } });

  class Context {
    constructor() {
      this.queue = [];
      this.workbook = new Workbook(this);
      this.application = { cultureInfo: new Culture(this, () => ({})) };
    }
    async sync() {
      host.syncs += 1;
      const steps = this.queue;
      this.queue = [];
      await new Promise((done) => setTimeout(done));
      if (host.editing) throw new OfficeError("InvalidOperationInCellEditMode");
      for (const step of steps) step();
    }
  }

  window.Excel = {
    RequestContext: Context,
    async run(work) {
      const context = new Context();
      const result = await work(context);
      await context.sync();
      return result;
    },
    ClearApplyTo: { all: "All", contents: "Contents", formats: "Formats" },
    ShapeType: { image: "Image" },
  };
  const info = { host: "Excel", platform: "PC" };
  window.Office = {
    onReady(told) {
      const ready = Promise.resolve(info);
      if (told) ready.then(told);
      return ready;
    },
    actions: { associate: (name, handler) => (host.actions[name] = handler) },
    addin: { showAsTaskpane: async () => (host.shown += 1) },
    context: {
      ...info,
      requirements: {
        isSetSupported: (set, version) =>
          set === "ExcelApi" ? Number(version.split(".")[1]) <= 17 : set !== "ExcelApiDesktop" && parseFloat(version) <= 1.4,
      },
    },
  };
  window.CustomFunctions = {
    associate: (id, handler) => (host.functions[id] = handler),
    ErrorCode: { invalidValue: "#VALUE!" },
    Error: class extends Error {
      constructor(code, message) {
        super(message);
        this.code = code;
      }
    },
  };

  // ---- what a test does as Excel or its user would ----
  host.call = async (id, ...args) => {
    try {
      return { result: await host.functions[id](...args, { address: "Sheet1!A1" }) };
    } catch (error) {
      return { error: error.message, code: error.code };
    }
  };
  host.press = (name) => new Promise((completed) => host.actions[name]({ completed: () => completed(true) }));
  // A cell clicked, a link to it followed, or selected by the add-in: whoever listens is told of each. A sheet's id is its name here.
  host.choose = (name, address) => {
    book.active = book.sheets.indexOf(host.sheet(name));
    book.selection = address;
    const told = { worksheetId: name, address };
    return Promise.all(host.listeners.filter((one) => one.sheet.name === name).map((one) => one.handler(told)));
  };
  host.sheet = (name) => book.sheets.find((sheet) => sheet.name === name);
})();
