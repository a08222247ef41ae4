// time
const list = [];
list.length = 4294967295;
list[0] = 1;
list.reverse();
return { list };
