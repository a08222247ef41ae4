// returns: {"a":1}
const out = { get a() { for (let at = 0; at < 1000; at += 1) delete out[`k${at}`]; return 1; } };
for (let at = 0; at < 1000; at += 1) out[`k${at}`] = undefined;
return out;
