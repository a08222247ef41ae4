// time
return { a: `${{ [Symbol.toPrimitive]() { for (;;) {} } }}` };
