// thrown: must be text or a Uint8Array
return { hash: sha256({ length: 1e9, toString() { for (;;) {} } }) };
