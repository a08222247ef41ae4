// time
for (;;) {}
