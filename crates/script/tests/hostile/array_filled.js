// time|memory|thrown
return { list: new Array(1e9).fill(0) };
