// too deep
const round = {};
round.round = round;
return round;
