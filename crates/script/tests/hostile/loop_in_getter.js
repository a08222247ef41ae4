// time
return { get token() { for (;;) {} } };
