// output
const a = Array(1000).fill("xxxxxxxxxx"), b = Array(1000).fill(a), c = Array(1000).fill(b);
return { c };
