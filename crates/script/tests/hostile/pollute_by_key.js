// returns: {"a":1}
const out = JSON.parse('{"a":1,"__proto__":{"polluted":true}}');
return out;
