// The access code of this installation, kept in this browser for this add-in. The client of xlwings asks for it by
// calling getAuth, also before a worksheet function runs. A classic script: functions may be called before modules run.
globalThis.kodeAkses = (() => {
  const KEY = "kemitraanKodeAkses";
  let held = "";
  return {
    get() {
      try {
        return localStorage.getItem(KEY) || held;
      } catch {
        return held;
      }
    },
    set(code) {
      held = code;
      try {
        localStorage.setItem(KEY, code);
      } catch {
        // A browser that keeps nothing: the code lasts as long as the pane.
      }
    },
  };
})();
globalThis.getAuth = async () => ({ token: globalThis.kodeAkses.get(), provider: "" });
