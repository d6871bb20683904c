// What a layout was before each change, kept beside the layout's number so that a reload loses none of it.
const MOST = 80;

export class History {
  // `now` is what the server has, `revision` its number. What was not sent before the page went away comes back.
  constructor(key, now, revision) {
    this.key = `layout-${key}`;
    Object.assign(this, this.#kept() ?? { steps: [now], at: 0, unsentSince: null });
    this.isUnsent = this.unsentSince === revision && this.now !== now;
    // Of another window or device, or a version gone back to: one more step, from what was to what is.
    if (!this.isUnsent && this.now !== now) this.add(now);
    if (!this.isUnsent) this.sent();
  }

  get now() { return this.steps[this.at]; }

  get canUndo() { return this.at > 0; }

  get canRedo() { return this.at < this.steps.length - 1; }

  add(now, since = null) {
    if (now === this.now) return false;
    this.steps = [...this.steps.slice(0, this.at + 1), now].slice(-MOST);
    this.at = this.steps.length - 1;
    this.#keep(since);
    return true;
  }

  step(by, since) {
    this.at = Math.min(Math.max(this.at + by, 0), this.steps.length - 1);
    this.#keep(since);
    return this.now;
  }

  sent() { this.#keep(null); }

  #kept() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key));
      return Array.isArray(kept?.steps) && kept.steps.length > kept.at ? kept : null;
    } catch {
      return null; // no storage, or somebody wrote in it: undo then begins here
    }
  }

  #keep(unsentSince) {
    this.unsentSince = unsentSince;
    try {
      localStorage.setItem(this.key, JSON.stringify({ steps: this.steps, at: this.at, unsentSince }));
    } catch {
      // A full or forbidden storage: the draft itself is on the server, undo ends with this page.
    }
  }
}
