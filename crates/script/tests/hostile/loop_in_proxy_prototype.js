// time
return new Proxy({}, { getPrototypeOf() { for (;;) {} } });
