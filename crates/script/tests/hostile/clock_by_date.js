// returns: {"same":true}
const start = Date.now();
for (let at = 0; at < 1e6; at += 1);
return { same: Date.now() === start && new Date().getTime() === start && +new (new Date().constructor)() === start };
