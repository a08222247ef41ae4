// thrown|returns
const bytes = new Uint8Array(8);
bytes.buffer.transfer();
return { hash: sha256(bytes) };
