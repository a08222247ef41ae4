// returns: {"found":[]}
const names = ["std", "os", "bjson", "process", "Deno", "Bun", "scriptArgs", "print", "load", "fetch", "XMLHttpRequest", "WebSocket", "setTimeout", "setInterval", "setImmediate", "performance", "Worker", "WebAssembly", "SharedArrayBuffer", "Atomics", "navigator", "gc", "__loadScript", "host"];
return { found: names.filter((name) => typeof globalThis[name] !== "undefined") };
