// The buttons drawn on Beranda of a master without macros: each is a link to a cell of its own, and choosing that cell
// runs the macro after which the cell is named. The sheet buttons of xlwings would do it without the task pane's
// progress, refusals and putting back.

// Calls `press` with the name of the macro whenever a button on a sheet of this workbook is clicked.
export function listen(names, press) {
  return Excel.run(async (context) => {
    const found = names.map((name) => {
      const range = context.workbook.names.getItemOrNullObject(`tombol_${name}`).getRangeOrNullObject();
      return { name, range: range.load("address") };
    });
    await context.sync();
    const there = found.filter(({ range }) => !range.isNullObject);
    if (!there.length) return;
    const macros = new Map(there.map(({ name, range }) => [range.address.split("!").pop(), name]));
    there[0].range.worksheet.onSelectionChanged.add(async ({ address, worksheetId }) => {
      const name = macros.get(address);
      if (!name) return;
      await leave(worksheetId, address); // else the same button could not be clicked again
      await press(name);
    });
    await context.sync();
  });
}

function leave(sheet, address) {
  return Excel.run(async (context) => {
    context.workbook.worksheets.getItem(sheet).getRange(address.replace(/[A-Z]+/, "A")).select();
    await context.sync();
  });
}
