// thrown: RangeError
let list = [];
for (let at = 0; at < 100000; at += 1) list = [list];
return { text: JSON.stringify(list) };
