// Runs in Assay's page before its own scripts, in a run that is not timed: counts the bytes of every wasm memory, the workers' included.
// window.wasmMemory is { page, workers, peak, started }; peak is of the sum over all that lived at the same time.
(() => {
  'use strict';
  // Goes into the page and, as text, to the top of each worker's source.
  const watch = (tell) => {
    let memory = null;
    const keep = (instance) => {
      memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory) ?? memory;
      tell(() => memory?.buffer.byteLength ?? 0);
      return instance;
    };
    const instantiate = WebAssembly.instantiate;
    WebAssembly.instantiate = (source, imports) =>
      instantiate.call(WebAssembly, source, imports).then((made) => {
        keep(made.instance ?? made);
        return made;
      });
    const Instance = WebAssembly.Instance;
    WebAssembly.Instance = new Proxy(Instance, { construct: (target, given) => keep(new target(...given)) });
  };
  const inWorker = (watch) => {
    const line = new BroadcastChannel('wasm-memory');
    let bytes = () => 0;
    const tell = () => line.postMessage({ id: self.name, bytes: bytes() });
    watch((measure) => {
      bytes = measure;
      tell();
      setInterval(tell, 20);
    });
    // Timers may starve while a worker is busy; whatever it says is an occasion, too.
    const post = self.postMessage.bind(self);
    self.postMessage = (...message) => {
      tell();
      post(...message);
    };
  };

  const state = (window.wasmMemory = { page: 0, workers: 0, peak: 0, started: 0 });
  const alive = new Map();
  const sum = () => {
    const workers = [...alive.values()].reduce((total, bytes) => total + bytes, 0);
    state.workers = Math.max(state.workers, workers);
    state.peak = Math.max(state.peak, state.page + workers);
  };
  watch((measure) =>
    setInterval(() => {
      state.page = measure();
      sum();
    }, 20),
  );
  new BroadcastChannel('wasm-memory').onmessage = ({ data }) => {
    if (!alive.has(data.id)) return;
    alive.set(data.id, data.bytes);
    sum();
  };
  const source = `(${inWorker})(${watch});\n`;
  const create = URL.createObjectURL;
  URL.createObjectURL = (blob) => create.call(URL, /javascript/.test(blob.type) ? new Blob([source, blob], { type: blob.type }) : blob);
  window.Worker = class extends Worker {
    constructor(address, given) {
      const name = `worker ${++state.started}`;
      super(address, { ...given, name });
      this.named = name;
      alive.set(name, 0);
    }
    terminate() {
      alive.delete(this.named);
      super.terminate();
    }
  };
})();
