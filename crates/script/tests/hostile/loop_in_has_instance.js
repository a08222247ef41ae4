// time
Object.defineProperty(Map, Symbol.hasInstance, { value() { for (;;) {} } });
return {};
