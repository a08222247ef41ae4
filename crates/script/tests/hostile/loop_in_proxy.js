// time
return new Proxy({}, { ownKeys() { for (;;) {} } });
