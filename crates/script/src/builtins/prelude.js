// Run once in every child before the builder's code: takes away what reaches for a clock or makes
// code from text, and adds the classes that people know from browsers. What it returns stays with
// the host; a script never sees it, nor the functions of `host`.
(function (host) {
  'use strict';
  const global = globalThis;
  const { Date: RealDate, Map, Set, WeakMap, WeakSet, RegExp, Error, Promise, ArrayBuffer } = global;
  const { Uint8Array, Boolean, Number, String, Object, Symbol, TypeError, RangeError } = global;
  const { fromCharCode } = String;
  const { construct, apply } = Reflect;
  const { isView } = ArrayBuffer;
  const { isArray: isList } = global.Array;
  const wellFormed = String.prototype.toWellFormed;
  const functionText = global.Function.prototype.toString;
  const charCodeAt = String.prototype.charCodeAt;

  const hide = (target, name, value) =>
    Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
  const text = (value) => apply(wellFormed, `${value}`, []);

  // --- what a script does not get ---
  for (const name of ['eval', 'Atomics', 'SharedArrayBuffer', 'performance', 'WeakRef', 'FinalizationRegistry']) {
    delete global[name];
  }
  const NoFunction = function Function() {
    throw new TypeError('a script cannot make code from text');
  };
  for (const sample of [function () {}, async function () {}, function* () {}, async function* () {}]) {
    Object.defineProperty(Object.getPrototypeOf(sample), 'constructor', {
      value: NoFunction, writable: false, enumerable: false, configurable: false,
    });
  }
  Object.defineProperty(NoFunction, 'prototype', { value: Object.getPrototypeOf(NoFunction), writable: false });
  hide(global, 'Function', NoFunction);
  // A stack gives names and places, and no functions of ours.
  Error.prepareStackTrace = (_, sites) => sites;
  const site = Object.getPrototypeOf(new Error().stack[0]);
  for (const name of ['getFunction', 'getThis', 'getEvalOrigin']) {
    delete site[name];
  }
  Error.prepareStackTrace = undefined;

  // --- the clock and chance, as they are passed in ---
  let now = 0;
  let [a, b, c, d] = [1, 2, 3, 4];
  const Date = function Date(...given) {
    if (new.target === undefined) {
      return new RealDate(now).toString();
    }
    return construct(RealDate, given.length === 0 ? [now] : given, new.target);
  };
  Object.defineProperty(Date, 'length', { value: 7 });
  Object.defineProperty(Date, 'prototype', { value: RealDate.prototype, writable: false });
  hide(Date, 'now', function () { return now; });
  hide(Date, 'parse', RealDate.parse);
  hide(Date, 'UTC', RealDate.UTC);
  hide(RealDate.prototype, 'constructor', Date);
  hide(global, 'Date', Date);
  // sfc32
  const next = () => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  hide(global.Math, 'random', function random() {
    return ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
  });

  // --- bytes: they cross to the host as text of the characters 0 to 255 ---
  const view = (data) => {
    if (data instanceof Uint8Array) return data;
    if (isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (data instanceof ArrayBuffer) return new Uint8Array(data);
    return undefined;
  };
  const binary = (bytes) => {
    let out = '';
    for (let at = 0; at < bytes.length; at += 8192) {
      out += apply(fromCharCode, null, bytes.subarray(at, at + 8192));
    }
    return out;
  };
  const unbinary = (from) => {
    const bytes = new Uint8Array(from.length);
    for (let at = 0; at < bytes.length; at += 1) {
      bytes[at] = apply(charCodeAt, from, [at]);
    }
    return bytes;
  };
  const binaryOf = (data, what) => {
    const bytes = view(data);
    if (bytes !== undefined) return binary(bytes);
    if (typeof data !== 'string') {
      throw new TypeError(`${what} must be text or a Uint8Array`);
    }
    return host.encodeUtf8(text(data));
  };

  // --- atob, btoa, TextEncoder, TextDecoder ---
  hide(global, 'atob', function atob(data) {
    const out = host.atob(text(data));
    if (out === null || out === undefined) throw new TypeError('atob: the text is not base64');
    return out;
  });
  hide(global, 'btoa', function btoa(data) {
    const out = host.btoa(text(data));
    if (out === null || out === undefined) {
      throw new TypeError('btoa: the text has characters above U+00FF; encode it with TextEncoder first');
    }
    return out;
  });
  class TextEncoder {
    get encoding() { return 'utf-8'; }
    encode(input = '') { return unbinary(host.encodeUtf8(text(input))); }
    encodeInto(source, target) {
      let read = 0;
      let written = 0;
      for (const character of text(source)) {
        const bytes = this.encode(character);
        if (written + bytes.length > target.length) break;
        target.set(bytes, written);
        written += bytes.length;
        read += character.length;
      }
      return { read, written };
    }
  }
  class TextDecoder {
    #fatal;
    #ignoreBom;
    constructor(label = 'utf-8', options = {}) {
      if (!/^\s*(utf-?8|unicode-1-1-utf-8)\s*$/i.test(label)) {
        throw new RangeError(`TextDecoder: only utf-8 is known here, not ${label}`);
      }
      this.#fatal = Boolean(options.fatal);
      this.#ignoreBom = Boolean(options.ignoreBOM);
    }
    get encoding() { return 'utf-8'; }
    get fatal() { return this.#fatal; }
    get ignoreBOM() { return this.#ignoreBom; }
    decode(input = new Uint8Array(0), options = {}) {
      if (options.stream) throw new TypeError('TextDecoder: stream is not known here');
      const bytes = view(input);
      if (bytes === undefined) throw new TypeError('TextDecoder: decode takes bytes');
      const out = host.decodeUtf8(binary(bytes), this.#fatal);
      if (out === null || out === undefined) throw new TypeError('TextDecoder: the bytes are not utf-8');
      return !this.#ignoreBom && out[0] === '\uFEFF' ? out.slice(1) : out;
    }
  }
  hide(global, 'TextEncoder', TextEncoder);
  hide(global, 'TextDecoder', TextDecoder);

  // --- hashes and HMAC ---
  const finish = (out, encoding) => {
    if (out === null || out === undefined) {
      throw new TypeError("the encoding must be 'hex', 'base64', 'base64url' or 'bytes'");
    }
    return encoding === 'bytes' ? unbinary(out) : out;
  };
  const algorithms = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'];
  for (const name of algorithms) {
    const hash = { [name](data, encoding = 'hex') {
      return finish(host.hash(name, binaryOf(data, `what ${name} takes`), text(encoding)), encoding);
    } }[name];
    hide(global, name, hash);
  }
  hide(global, 'hmac', function hmac(algorithm, key, data, encoding = 'hex') {
    if (!algorithms.includes(algorithm)) {
      throw new TypeError(`the algorithm of hmac must be one of ${algorithms.join(', ')}`);
    }
    const out = host.hmac(algorithm, binaryOf(key, 'the key of hmac'), binaryOf(data, 'the data of hmac'), text(encoding));
    return finish(out, encoding);
  });

  // --- console: lines for whoever tests the definition; it never throws ---
  const { stringify } = global.JSON;
  const slice = String.prototype.slice;
  const word = (value) => {
    try {
      if (typeof value !== 'object' && typeof value !== 'function') return String(value);
      const json = value instanceof Error ? undefined : stringify(value);
      return typeof json === 'string' ? json : String(value);
    } catch {
      return '(cannot be shown)';
    }
  };
  const speak = (level) => (...given) => {
    let line = '';
    for (let at = 0; at < given.length && line.length <= 1000; at += 1) {
      line += (at === 0 ? '' : ' ') + apply(slice, word(given[at]), [0, 1001]);
    }
    host.say(level, text(line));
  };
  const console = {};
  for (const level of ['debug', 'log', 'info', 'warn', 'error']) hide(console, level, speak(level));
  hide(global, 'console', console);

  // --- URL, URLSearchParams ---
  let changed;
  let reread;
  class URLSearchParams {
    #pairs = [];
    #url = null;
    static {
      changed = (url) => {
        const params = new URLSearchParams(url.search);
        params.#url = url;
        return params;
      };
      reread = (params, search) => { params.#pairs = URLSearchParams.#read(search); };
    }
    static #read(search) {
      const flat = host.parseForm(search[0] === '?' ? search.slice(1) : search);
      const pairs = [];
      for (let at = 0; at < flat.length; at += 2) pairs.push([flat[at], flat[at + 1]]);
      return pairs;
    }
    constructor(init = '') {
      if (typeof init === 'object' && init !== null) {
        const entries = typeof init[Symbol.iterator] === 'function' ? init : Object.entries(init);
        for (const [name, value] of entries) this.#pairs.push([text(name), text(value)]);
      } else {
        this.#pairs = URLSearchParams.#read(text(init));
      }
    }
    #update() {
      if (this.#url !== null) this.#url.search = this.toString();
    }
    get size() { return this.#pairs.length; }
    append(name, value) {
      this.#pairs.push([text(name), text(value)]);
      this.#update();
    }
    delete(name, value) {
      name = text(name);
      this.#pairs = this.#pairs.filter((pair) => pair[0] !== name || (value !== undefined && pair[1] !== text(value)));
      this.#update();
    }
    get(name) {
      name = text(name);
      const found = this.#pairs.find((pair) => pair[0] === name);
      return found === undefined ? null : found[1];
    }
    getAll(name) {
      name = text(name);
      return this.#pairs.filter((pair) => pair[0] === name).map((pair) => pair[1]);
    }
    has(name, value) {
      name = text(name);
      return this.#pairs.some((pair) => pair[0] === name && (value === undefined || pair[1] === text(value)));
    }
    set(name, value) {
      name = text(name);
      value = text(value);
      const first = this.#pairs.findIndex((pair) => pair[0] === name);
      if (first < 0) {
        this.#pairs.push([name, value]);
      } else {
        this.#pairs[first] = [name, value];
        this.#pairs = this.#pairs.filter((pair, at) => at <= first || pair[0] !== name);
      }
      this.#update();
    }
    sort() {
      this.#pairs.sort((x, y) => (x[0] < y[0] ? -1 : x[0] > y[0] ? 1 : 0));
      this.#update();
    }
    forEach(callback, that) {
      for (const [name, value] of this.#pairs) apply(callback, that, [value, name, this]);
    }
    *entries() { for (const [name, value] of this.#pairs) yield [name, value]; }
    *keys() { for (const pair of this.#pairs) yield pair[0]; }
    *values() { for (const pair of this.#pairs) yield pair[1]; }
    [Symbol.iterator]() { return this.entries(); }
    toString() { return host.writeForm(this.#pairs.flat()); }
  }
  hide(global, 'URLSearchParams', URLSearchParams);

  const parse = (url, base) => host.parseUrl(text(url), base === undefined ? null : text(base));
  class URL {
    #parts;
    #params = null;
    constructor(url, base) {
      const parts = parse(url, base);
      if (parts === null || parts === undefined) throw new TypeError(`not a URL: ${text(url)}`);
      this.#parts = parts;
    }
    static canParse(url, base) {
      const parts = parse(url, base);
      return parts !== null && parts !== undefined;
    }
    static parse(url, base) { return URL.canParse(url, base) ? new URL(url, base) : null; }
    #set(part, value) {
      this.#parts = host.setUrl(this.#parts[0], part, text(value));
      if (this.#params !== null && part === 'search') reread(this.#params, this.#parts[9]);
    }
    get href() { return this.#parts[0]; }
    set href(value) {
      this.#parts = new URL(value).#parts;
      if (this.#params !== null) reread(this.#params, this.#parts[9]);
    }
    get origin() { return this.#parts[1]; }
    get protocol() { return this.#parts[2]; }
    set protocol(value) { this.#set('protocol', value); }
    get username() { return this.#parts[3]; }
    set username(value) { this.#set('username', value); }
    get password() { return this.#parts[4]; }
    set password(value) { this.#set('password', value); }
    get host() { return this.#parts[5]; }
    set host(value) { this.#set('host', value); }
    get hostname() { return this.#parts[6]; }
    set hostname(value) { this.#set('hostname', value); }
    get port() { return this.#parts[7]; }
    set port(value) { this.#set('port', value); }
    get pathname() { return this.#parts[8]; }
    set pathname(value) { this.#set('pathname', value); }
    get search() { return this.#parts[9]; }
    set search(value) { this.#set('search', value); }
    get hash() { return this.#parts[10]; }
    set hash(value) { this.#set('hash', value); }
    get searchParams() {
      if (this.#params === null) this.#params = changed(this);
      return this.#params;
    }
    toString() { return this.href; }
    toJSON() { return this.href; }
  }
  hide(global, 'URL', URL);

  // --- what the host asks of us ---
  const strange = [
    [Map, 'a Map'], [Set, 'a Set'], [WeakMap, 'a WeakMap'], [WeakSet, 'a WeakSet'],
    [RegExp, 'a regular expression'], [Error, 'an Error'], [Promise, 'a promise'],
    [ArrayBuffer, 'an ArrayBuffer'], [URLSearchParams, 'a URLSearchParams'],
    [Boolean, 'a Boolean object'], [Number, 'a Number object'], [String, 'a String object'],
    [Symbol, 'a Symbol object'],
  ];
  const plain = Object.prototype;
  const prototypeOf = Object.getPrototypeOf;
  return {
    prepare(millis, seed) {
      now = millis;
      [a, b, c, d] = seed;
      for (let round = 0; round < 15; round += 1) next();
    },
    // Whether the code is one function and nothing around it.
    isSource(made, source) { return `(${apply(functionText, made, [])})` === source; },
    wellFormed(value) { return apply(wellFormed, value, []); },
    // What an object is that JSON has no form for; nothing when it has one.
    strange(value) {
      if (isView(value)) return 'a list of bytes';
      // By index: a script may have replaced the iterator of lists.
      for (let at = 0; at < strange.length; at += 1) {
        if (value instanceof strange[at][0]) return strange[at][1];
      }
      return undefined;
    },
    isList,
    isPlain(value) {
      const prototype = prototypeOf(value);
      return prototype === plain || prototype === null;
    },
  };
})
