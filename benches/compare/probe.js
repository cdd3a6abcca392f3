// Runs in Assay's page before a file is chosen, and measures on the page's own clock. Its argument says what to do by itself:
//   roles     give columns these roles, once there are columns
//   audit     start the audit, once the file is read
//   cancelAt  press Cancel, once this share is done
// window.probe.marks says when what was first on the screen; window.probe.longest, the longest gap between two frames of each phase.
const options = arguments[0];
const probe = (window.probe = { marks: {}, longest: {}, shares: [], error: null });
const marks = probe.marks;
const asked = new Set();
let phase = null;

const shown = (selector) => {
  const element = document.querySelector(selector);
  return element && element.checkVisibility() ? element : null;
};

// What the document holds now is on the screen after the next frame; the message comes when that frame is painted.
const markPainted = (name, then) => {
  if (asked.has(name)) return;
  asked.add(name);
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      marks[name] = performance.now();
      then?.();
    };
    channel.port2.postMessage(0);
  });
};

const giveRoles = () => {
  if (asked.has('roles')) return;
  asked.add('roles');
  for (const [column, role] of Object.entries(options.roles ?? {})) {
    const select = document.querySelector(`select[data-column=${JSON.stringify(column)}]`);
    if (select && select.value !== role) {
      select.value = role;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }
};

const hasRoles = () =>
  Object.entries(options.roles ?? {}).every(([column, role]) => document.querySelector(`select[data-column=${JSON.stringify(column)}]`)?.value === role);

const look = () => {
  const error = shown('#error');
  if (error) probe.error = error.innerText;
  const bar = shown('#progress');
  if (bar?.hasAttribute('value')) {
    const share = bar.value / (bar.max || 1);
    if (probe.shares.at(-1) !== share) probe.shares.push(share);
    if (options.cancelAt && share >= options.cancelAt && !('cancel' in marks)) {
      marks.cancel = performance.now();
      document.querySelector('#cancel').click();
    }
  }
  if ('cancel' in marks && !bar) markPainted('cancelled', () => (phase = null));
  if (shown('#columns select')) {
    markPainted('preview');
    giveRoles();
  }
  const start = shown('#start');
  const ready = start && !start.disabled && start.getAttribute('aria-disabled') !== 'true' && !bar;
  if (ready) markPainted('read', () => phase === 'reading' && (phase = null));
  if (ready && options.audit && hasRoles() && !('start' in marks)) {
    marks.start = performance.now();
    phase = 'auditing';
    start.click();
  }
  if (shown('#report')) markPainted('report', () => (phase = null));
};

document.addEventListener(
  'change',
  (event) => {
    if (event.target.id !== 'file-input') return;
    marks.chosen = performance.now();
    phase = 'reading';
  },
  true,
);
new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });

let last = performance.now();
const frame = (now) => {
  if (phase) probe.longest[phase] = Math.max(probe.longest[phase] ?? 0, now - last);
  last = now;
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
