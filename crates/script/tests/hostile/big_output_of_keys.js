// output
const keys = {};
for (let at = 0; at < 2e5; at += 1) keys[`key${at}`] = 1;
return keys;
