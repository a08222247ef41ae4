// time|memory|thrown
return { text: new Array(1e9) + "" };
