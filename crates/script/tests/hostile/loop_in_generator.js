// time
const endless = (function* () { for (;;) yield 1; })();
for (const one of endless) {}
return {};
