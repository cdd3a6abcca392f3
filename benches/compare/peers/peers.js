// Reads the chosen file with a library: window.read(name) leaves { ms, answer } or { error } in window.result.
// The clock starts when the library stands ready and stops when its typed table does; the answer, the confusion matrix by race,
// is computed after it.
import * as duckdb from '@duckdb/duckdb-wasm';

const chosen = () => document.getElementById('file').files[0];
const at = (path) => new URL(path, location.href).href;

const papaparse = () =>
  new Promise((done, failed) => {
    const worker = new Worker('papaparse.js');
    worker.onerror = (event) => failed(new Error(event.message));
    worker.onmessage = ({ data }) => (data === 'ready' ? worker.postMessage(chosen()) : done(data));
  });

const table = async () => {
  const folder = './node_modules/@duckdb/duckdb-wasm/dist/';
  const base = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker(at(folder + 'duckdb-browser-eh.worker.js')));
  await base.instantiate(at(folder + 'duckdb-eh.wasm'));
  const connection = await base.connect();
  await base.registerFileHandle('predictions.csv', chosen(), duckdb.DuckDBDataProtocol.BROWSER_FILEREADER, true);
  const from = performance.now();
  await connection.query(`create table predictions as select * from read_csv('predictions.csv')`);
  const ms = performance.now() - from;
  const counts = await connection.query(
    'select race, cast(label * 2 + prediction as int) as place, cast(count(*) as double) as n from predictions group by all',
  );
  const answer = {};
  for (const row of counts.toArray()) (answer[row.race] ??= [0, 0, 0, 0])[row.place] = row.n;
  return { ms, answer };
};

const libraries = { papaparse, duckdb: table };
window.read = (name) => {
  window.result = null;
  libraries[name]().then(
    (result) => (window.result = result),
    (error) => (window.result = { error: String(error) }),
  );
};
