// papaparse to typed columns: numbers to Float64Array, times to milliseconds, the rest to codes of a dictionary.
importScripts('./node_modules/papaparse/papaparse.min.js');

class Column {
  constructor(first) {
    this.size = 0;
    if (first !== '' && !Number.isNaN(Number(first))) this.kind = 'number';
    else this.kind = Number.isNaN(Date.parse(first)) ? 'level' : 'time';
    this.codes = this.kind === 'level' ? new Map() : null;
    this.values = this.codes ? new Uint32Array(1 << 16) : new Float64Array(1 << 16);
  }
  push(cell) {
    if (this.size === this.values.length) {
      const longer = new this.values.constructor(this.size * 2);
      longer.set(this.values);
      this.values = longer;
    }
    this.values[this.size++] = this.typed(cell);
  }
  typed(cell) {
    if (this.kind === 'number') return cell === '' ? NaN : Number(cell);
    if (this.kind === 'time') return Date.parse(cell);
    let code = this.codes.get(cell);
    if (code === undefined) this.codes.set(cell, (code = this.codes.size));
    return code;
  }
}

const read = (file) =>
  new Promise((done, failed) => {
    let names = null;
    let columns = null;
    const chunk = ({ data }) => {
      for (const row of data) {
        if (!names) names = row;
        else {
          columns ??= row.map((cell) => new Column(cell));
          for (let place = 0; place < columns.length; place++) columns[place].push(row[place]);
        }
      }
    };
    Papa.parse(file, { skipEmptyLines: true, chunkSize: 16 << 20, chunk, error: failed, complete: () => done({ names, columns }) });
  });

onmessage = async ({ data: file }) => {
  const from = performance.now();
  const { names, columns } = await read(file);
  const ms = performance.now() - from;
  const [race, label, prediction] = ['race', 'label', 'prediction'].map((name) => columns[names.indexOf(name)]);
  const answer = Object.fromEntries([...race.codes.keys()].map((name) => [name, [0, 0, 0, 0]]));
  const counts = Object.values(answer);
  for (let row = 0; row < race.size; row++) counts[race.values[row]][label.values[row] * 2 + prediction.values[row]]++;
  postMessage({ ms, answer });
};
postMessage('ready');
