// memory
const all = {};
for (let at = 0; ; at += 1) all[`key${at}`] = {};
